//! Disks, partitions, file systems.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    let destroys = match name {
        _ if name.starts_with("mkfs")
            || matches!(name, "mke2fs" | "mkswap" | "mkdosfs" | "newfs" | "mkntfs" | "mkexfatfs") =>
        {
            // A file in the project or in /tmp is no disk.
            let mut targets = args.iter().filter(|value| !value.text.starts_with('-')).peekable();
            targets.peek().is_none() || targets.any(|target| m.resolve(target).starts_with("/dev/"))
        }
        "wipefs" => has("-a") || has("--all") || has("-o") || has("-af"),
        "blkdiscard" | "badblocks" | "hdparm" | "sg_format" | "nwipe" | "ddrescue" => match name {
            "hdparm" => texts.iter().any(|text| ["security", "write", "trim"].iter().any(|word| text.contains(word))),
            "badblocks" => Args::of(args, "b c d e o p t").has(&["w", "n"]),
            _ => true,
        },

        "nvme" => texts.first().is_some_and(|text| {
            matches!(*text, "format" | "sanitize" | "delete-ns" | "write" | "reset" | "write-zeroes" | "detach-ns")
        }),
        "fdisk" | "gdisk" | "cfdisk" => !has("-l") && !has("--list"),
        "sfdisk" => !has("-d") && !has("--dump") && !has("-l") && !has("--list") && !has("-J") && !has("--json"),
        "sgdisk" => !has("-p") && !has("--print") && !has("-v") && !has("-i"),
        "parted" => texts.iter().any(|text| {
            matches!(*text, "mklabel" | "mktable" | "rm" | "mkpart" | "resizepart" | "set")
                || text.contains("mklabel")
                || text.contains("rm ")
        }),
        "partprobe" => false,
        "lvremove" | "vgremove" | "pvremove" | "lvreduce" | "vgreduce" | "lvconvert" | "vgcfgrestore" | "pvcreate"
        | "vgcreate" | "dmsetup" => {
            name != "dmsetup"
                || texts.iter().any(|text| matches!(*text, "remove" | "remove_all" | "wipe_table" | "suspend"))
        }
        "mdadm" => texts.iter().any(|text| {
            matches!(
                *text,
                "--zero-superblock" | "--stop" | "-S" | "--remove" | "--fail" | "--create" | "-C" | "-r" | "-f"
            )
        }),
        "zpool" | "zfs" => {
            texts.first().is_some_and(|text| {
                matches!(
                    *text,
                    "destroy"
                        | "labelclear"
                        | "create"
                        | "rollback"
                        | "offline"
                        | "detach"
                        | "remove"
                        | "receive"
                        | "export"
                )
            }) || has("destroy")
                || has("rollback")
        }
        "btrfs" => has("delete") || has("mkfs") || has("zero-log") || has("rescue"),
        "cryptsetup" => texts.iter().any(|text| {
            matches!(
                *text,
                "luksFormat"
                    | "erase"
                    | "luksErase"
                    | "luksKillSlot"
                    | "luksRemoveKey"
                    | "reencrypt"
                    | "luksHeaderRestore"
            )
        }),
        "fsck" | "e2fsck" | "xfs_repair" | "fsck.ext4" | "tune2fs" | "resize2fs" | "xfs_admin" | "debugfs"
        | "fsck.vfat" | "btrfstune" => !has("-n") && !has("-N") && !has("-l") && (name != "debugfs" || has("-w")),
        "umount" | "swapoff-all" => {
            if has("-a") || has("-af") || has("-fa") || has("-all") || has("/") || has("-l") && texts.len() > 1 {
                m.mark(Traits::EXHAUSTS | Traits::DESTROYS_DISK, "takes file systems away from what uses them");
            }
            false
        }
        "mount" => {
            if !texts.is_empty() && !has("-l") && texts.iter().any(|text| !text.starts_with('-')) {
                m.mark(Traits::ESCALATES, "brings another file system in");
            }
            false
        }
        "losetup" | "kpartx" => false,
        "efibootmgr" => texts.iter().any(|text| text.starts_with('-') && *text != "-v"),
        "grub-install" | "grub2-install" | "update-grub" | "bootctl" | "flashrom" | "fwupdmgr" | "efivar"
        | "grub-mkconfig" => {
            !(name == "bootctl" && (texts.is_empty() || has("status") || has("list")))
                && !(name == "fwupdmgr" && !has("update") && !has("install") && !has("downgrade"))
        }
        "diskutil" => texts.first().is_some_and(|text| {
            text.to_ascii_lowercase().contains("erase")
                || matches!(
                    *text,
                    "partitionDisk" | "zeroDisk" | "randomDisk" | "unmountDisk" | "reformat" | "apfs" | "secureErase"
                ) && !has("list")
        }),
        "format" | "diskpart" | "cipher" | "vssadmin" | "wbadmin" | "fsutil" | "bcdedit" | "manage-bde" => return None,
        "lsblk" | "blkid" | "findmnt" | "df" => return None,
        "trim" | "fstrim" => false,
        _ => return None,
    };
    if destroys {
        m.mark(Traits::DESTROYS_DISK, "writes to a disk, a partition or a file system as a whole");
    }
    Some(Value::unknown(Flow::OUTPUT))
}
