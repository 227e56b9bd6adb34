"""Invented names: companies from numbers (never twice the same), people from common lists."""

from __future__ import annotations

from random import Random

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvzhj" for vowel in "aeio"]
_PERMUTATION = 40_503  # odd, so that multiplying modulo a power of two loses nothing

SUFFIXES = (
    "Systems",
    "Analytics",
    "Logistics",
    "Foods",
    "Health",
    "Energy",
    "Media",
    "Robotics",
    "Partners",
    "Materials",
    "Software",
    "Retail",
    "Labs",
    "Insurance",
    "Devices",
    "Networks",
)
INDUSTRIES = (
    "Technology",
    "Manufacturing",
    "Healthcare",
    "Financial Services",
    "Retail",
    "Energy",
    "Media",
    "Transportation",
    "Education",
)
FIRST_NAMES = (
    "Anna",
    "Ben",
    "Carla",
    "David",
    "Elena",
    "Farid",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kira",
    "Liam",
    "Mara",
    "Nils",
    "Olga",
    "Pavel",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
    "Uma",
    "Victor",
    "Wanda",
    "Xenia",
    "Yusuf",
    "Zoe",
    "Aiko",
    "Bruno",
    "Chloe",
    "Dinesh",
    "Emil",
    "Fatima",
    "Goran",
    "Hana",
    "Ivan",
    "Julia",
    "Kenji",
    "Lucia",
    "Marek",
    "Nadia",
    "Omar",
    "Petra",
    "Rafael",
    "Sofia",
    "Tomas",
    "Vera",
)
LAST_NAMES = (
    "Ahlberg",
    "Becker",
    "Castro",
    "Dvorak",
    "Eriksen",
    "Fontaine",
    "Garcia",
    "Haddad",
    "Ito",
    "Jansen",
    "Kovacs",
    "Larsen",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Quast",
    "Rossi",
    "Silva",
    "Tanaka",
    "Ueda",
    "Vargas",
    "Weber",
    "Yilmaz",
    "Zhang",
    "Abbott",
    "Brandt",
    "Conti",
    "Duarte",
    "Engel",
    "Fischer",
    "Greco",
    "Hoffmann",
    "Ibarra",
    "Jensen",
    "Keller",
    "Lopez",
    "Marino",
    "Nilsson",
    "Owens",
    "Peeters",
    "Ramos",
    "Schmidt",
    "Torres",
    "Ulrich",
    "Visser",
    "Walsh",
    "Young",
    "Zimmer",
    "Adler",
)
TITLES = (
    ("Chief Financial Officer", "c_level"),
    ("Chief Information Officer", "c_level"),
    ("VP Operations", "vp"),
    ("VP Sales", "vp"),
    ("Director of IT", "director"),
    ("Director of Procurement", "director"),
    ("Head of Data", "director"),
    ("IT Manager", "manager"),
    ("Operations Manager", "manager"),
    ("Purchasing Manager", "manager"),
    ("Systems Engineer", "individual"),
    ("Business Analyst", "individual"),
    ("Data Engineer", "individual"),
    ("Office Assistant", "individual"),
)
COUNTRIES = (
    ("US", "United States", "USD", 44),
    ("CA", "Canada", "USD", 6),
    ("GB", "United Kingdom", "GBP", 15),
    ("DE", "Germany", "EUR", 12),
    ("FR", "France", "EUR", 8),
    ("NL", "Netherlands", "EUR", 5),
    ("JP", "Japan", "JPY", 8),
    ("CH", "Switzerland", "CHF", 1),
)
COUNTRY_WEIGHTS = [country[3] for country in COUNTRIES]


def company_word(number: int, seed: int) -> str:
    """An invented word for a company number; two numbers never give the same word under one seed."""
    if number < 0:
        raise ValueError("company numbers start at 0")
    syllables = 3 if number < 64**3 else 4
    space = 64**syllables
    scrambled = (number * _PERMUTATION + seed * 7_919) % space
    word = ""
    for _ in range(syllables):
        word += _SYLLABLES[scrambled % 64]
        scrambled //= 64
    return word


def person_name(r: Random) -> tuple[str, str]:
    """A first and a last name; different people may share both."""
    return FIRST_NAMES[int(r.random() * len(FIRST_NAMES))], LAST_NAMES[int(r.random() * len(LAST_NAMES))]
