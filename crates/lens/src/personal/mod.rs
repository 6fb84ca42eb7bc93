//! Recognisers of personal data; each is named by a folder of `rules/personal`.

mod address;
mod birth;
pub(crate) mod check;
mod dictionary;
mod honorific;
mod labelled;
mod lattice;
mod names;
mod names_kana;
mod names_roman;
mod names_words;
mod network;
mod numbers;
mod phone;
#[cfg(test)]
mod quality;
mod scan;

pub(crate) use address::{jp_address, jp_postal_code};
pub(crate) use birth::date_of_birth;
pub(crate) use labelled::{
    au_medicare, au_tfn, be_national_number, br_cnpj, br_cpf, ca_sin, ch_ahv, de_tax_id, es_dni, fi_hetu, fr_nir, imei,
    in_aadhaar, in_pan, jp_corporate_number, jp_driver_licence, jp_health_insurance, jp_my_number, jp_passport,
    jp_pension_number, jp_residence_card, nl_bsn, pl_pesel, se_personnummer, tw_national_id, uk_nhs_number, uk_nino,
    us_itin, us_passport, us_ssn,
};
pub(crate) use names::jp_person_name;
pub(crate) use names_kana::kana_person_name;
pub(crate) use names_roman::roman_person_name;
pub(crate) use network::{email, ipv4, ipv6, mac_address};
pub(crate) use numbers::{
    cn_resident_id, credit_card, iban, it_codice_fiscale, jp_bank_account, jp_insured_number, jp_post_bank_account,
    kr_rrn, sg_nric,
};
pub(crate) use phone::{jp_phone, phone_international};
