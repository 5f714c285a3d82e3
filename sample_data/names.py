"""Made-up names. Nobody is called like this: a surname found outside the plan's home and its partners is a leak."""

from __future__ import annotations

SURNAMES = tuple(
    head + tail
    for head in (
        "Abrax", "Blorv", "Crundel", "Drossim", "Elvqua", "Frimbo", "Glaxen", "Hulvar", "Ixmer", "Jorvix", "Kwendol",
        "Lumbrax", "Morvund", "Nexquil", "Ormzel", "Pludwin", "Quorvex", "Rindolf", "Skorvan", "Tumblex", "Ulvqueth",
        "Vexmor", "Wrenzil", "Xandrev", "Yulbrim", "Zorpen",
    )
    for tail in ("ack", "bex", "dorn", "fexter", "gund", "lomby", "quist", "sworth", "thrax", "vane")
)  # fmt: skip
"""Surnames of the many who have no story; the named people have their own, in `stories`."""

FIRST_NAMES = (
    "Adlo", "Bresa", "Calvo", "Dremi", "Elwin", "Fenna", "Gorvi", "Hesta", "Ilmo", "Jarla", "Kevro", "Lunia", "Mordo",
    "Nalwe", "Orlen", "Prisa", "Quill", "Rovan", "Selka", "Tormi", "Ulena", "Vanko", "Wilsa", "Xeno", "Yarra", "Zelmo",
)  # fmt: skip

MIDDLE_NAMES = ("", "", "A", "J", "M", "R")

STREETS = (
    "Umbertwist Ave", "Grapple Lane", "Old Fennel Rd", "Marzipan Way", "Tarrow St", "Quince Blossom Ct", "Hobbin Dr",
    "Larkstone Ave", "Wickerpond Rd", "Saltmeadow St", "Thimble Court", "Broomfield Loop",
)  # fmt: skip
