"""The vocabulary of American addresses: the many ways to write one word.

Source of suffixes, directionals and unit designators: USPS Publication 28, appendices B, C1 and C2, plus the
shorter forms found in assessors' files. Nothing here is specific to one state.
"""

_SUFFIX_GROUPS = """
aly alley ally
arc arcade
ave av aven avenu avenue avn avnue
bch beach
bnd bend
blvd bl blv bv bd boul boulevard boulv
brg bridge brdg
brk brook
bypass byp bypa bypas
cswy causeway causwa
ctr center centre cen cent centr cntr
cir ci circ circl circle crcl crcle
cmn common
cor corner
crk creek
cres crescent crsent crsnt
ct court crt cts courts
cv cove
xing crossing crssng crsg
dr driv drive drv
drwy driveway
est estate ests estates
expy expressway expr express expw xwy
ext extension extn extnsn extens exten
fls falls
fld field flds fields
gdn garden gdns gardens gardn
gln glen
grn green greene
grv grove grov
hbr harbor harb
hts heights ht hgts hgt hghts
hwy highway highwy hiway hiwy hway hw hgwy
hl hill
hls hills
holw hollow hllw
is island
jct junction
knl knoll knol knls knolls
lk lake
lndg landing lndng ldg
ln lane
loop loops
mall malls
mnr manor
mdw meadow mdws meadows
ml mill mls mills
nck neck
orch orchard orchrd
park prk pk
pkwy parkway parkwy pkway pky pw pkwys parkways
pass psge passage
path paths pth
pike pikes
pl place
pln plain plns plains
plz plaza plza
pt point
rdg ridge rdge rg
rd road rds roads
row
run
sq square sqr sqre squ
st street strt str stret
ter terr terrace te terrac
trce trace
trl trail trails tl
tpke turnpike trnpk turnpk tpk tnpk tpik
vly valley
vw view
vlg village vill villag vlge
walk walks wk
way wy ways waye
whrf wharf wh
"""

SUFFIX: dict[str, str] = {}
for _line in _SUFFIX_GROUPS.split("\n"):
    for _word in _line.split():
        SUFFIX[_word] = _line.split()[0]

# Abbreviations that towns use for different words: which one is meant depends on the town's other streets.
LOOSE_SUFFIX: dict[str, frozenset[str]] = {
    "tr": frozenset({"ter", "trl"}),
    "cr": frozenset({"cir", "cres"}),
    "la": frozenset({"ln"}),
    "wa": frozenset({"way"}),
    "cl": frozenset({"cir", "close"}),
    "cs": frozenset({"cres", "cswy"}),
    "ex": frozenset({"ext"}),
    "py": frozenset({"pkwy"}),
    "hy": frozenset({"hwy"}),
    "pa": frozenset({"path", "pass", "park"}),
    "ph": frozenset({"path"}),
    "rw": frozenset({"row"}),
    "rn": frozenset({"run"}),
    "tp": frozenset({"tpke"}),
    "cro": frozenset({"xing"}),
}

DIRECTION: dict[str, str] = {
    "north": "n", "no": "n", "nth": "n", "south": "s", "so": "s", "sth": "s", "east": "e", "west": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
}  # fmt: skip
DIRECTIONS = frozenset({"n", "s", "e", "w", "ne", "nw", "se", "sw"})

_UNITS_TO_19 = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER: dict[str, int] = {word: value for value, word in enumerate(_UNITS_TO_19)} | {
    word: 20 + 10 * index for index, word in enumerate(_TENS)
}
_ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
]  # fmt: skip


def ordinal(value: int) -> str:
    """`value` as an ordinal: 1st, 2nd, 11th."""
    ending = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


ORDINAL: dict[str, str] = {word: ordinal(index + 1) for index, word in enumerate(_ORDINALS)}

# Words inside a name, wherever they stand. `saint` and the suffix `street` both become `st`: position tells.
INNER: dict[str, str] = (
    DIRECTION
    | ORDINAL
    | {
        "saint": "st", "sainte": "st", "ste": "st", "mount": "mt", "mnt": "mt", "fort": "ft",
        "mountain": "mtn", "route": "rte", "rt": "rte", "doctor": "dr", "reverend": "rev", "father": "fr",
        "sergeant": "sgt", "captain": "capt", "lieutenant": "lt", "general": "gen", "colonel": "col",
        "senior": "sr", "junior": "jr", "centre": "center", "and": "&", "hgwy": "hwy", "highway": "hwy",
    }
)  # fmt: skip
TITLES = frozenset(
    ["dr", "rev", "fr", "sgt", "capt", "lt", "gen", "col", "pvt", "cpl", "msgr", "pfc", "jr", "sr", "monsignor",
     "father", "president", "pres", "governor", "gov", "mayor", "cardinal", "bishop", "major", "maj", "sister",
     "brother", "admiral", "commander", "cmdr", "honorable", "hon", "judge", "senator", "private", "corporal"]
)  # fmt: skip

# A suffix may be followed by one of these: "Main St N", "Main St Ext".
TRAILING = frozenset({*DIRECTIONS, *DIRECTION, "ext", "extension", "extn", "ex", "exten"})

# The word for street in other languages, where it comes first ("Calle Beacon") and adds nothing. Spanish, Portuguese,
# French and Haitian Creole, Vietnamese.
FOREIGN_STREET = frozenset(["calle", "avenida", "avda", "rua", "rue", "ri", "ru", "duong", "pho", "estrada", "via"])

# The ways to write what stands before a numbered road's number, a line for each kind of road; in street keys' words.
# Source: USPS Publication 28, appendix F, and address points of several states.
_NUMBERED_ROADS = """
county: cr|co rd|co road|county rd|county road|cnty rd|cnty road|cty rd|cty road|c r
county: co hwy|county hwy|cty hwy|cnty hwy|cth|co rte|county rte|cty rte
state: sr|sh|st rd|st rte|st hwy|state rd|state road|state rte|state hwy|s r|s h|sth
us: us|u s|us hwy|us rte|us road|us rd|u s hwy|u s rte|ush
interstate: i|ih|i h|interstate|interstate hwy|int
farm: fm|f m|fm rd|fm road|farm rd|farm road|farm to market|farm to market rd
farm: farm to market road|f m rd|f m road
ranch: rm|rr|r m|ranch rd|ranch road|ranch to market|ranch to market rd|ranch to market road
ranch: rm rd|rr rd
township: tr|twp rd|twp road|township rd|township road|twp hwy|township hwy|t r
forest: fs|fs rd|fs road|forest rd|forest road|forest service rd
forest: forest service road|nf|nf rd|nfs rd|usfs rd|nfsr
rte: rte|hwy
"""
NUMBERED_ROAD: dict[str, str] = {
    form: line.partition(": ")[0]
    for line in _NUMBERED_ROADS.strip().splitlines()
    for form in line.partition(": ")[2].split("|")
}
# What "Route 20" and "Highway 20" may be short for.
UNSPECIFIED_ROAD: dict[str, frozenset[str]] = {"rte": frozenset({"rte", "state", "us"})}

UNIT = frozenset([
    "apt", "apartment", "unit", "suite", "ste", "#", "fl", "floor", "flr", "room", "rm", "bsmt", "basement", "bldg",
    "bg", "building", "lot", "trlr", "trailer", "spc", "space", "ph", "penthouse", "rear", "front", "upper",
    "lower", "dept", "department", "box",
])  # fmt: skip

ARTICLES = frozenset({"the"})
