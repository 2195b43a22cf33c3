"""Words that stand in names and mean something to whoever compares them.

English short names come from the `nicknames` package. It knows no others, so those of other
languages are kept here: add a row when somebody was not recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final


def _rows(table: str) -> dict[str, frozenset[str]]:
    """Read "long: short short" line by line; one left side may hold several spellings."""
    rows: dict[str, frozenset[str]] = {}
    for line in table.strip().splitlines():
        longs, _, shorts = line.partition(":")
        for long in longs.split():
            rows[long] = rows.get(long, frozenset()) | frozenset(shorts.split())
    return rows


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TITLES: Final = _words(
    "mr mrs ms miss mx dr prof rev hon sir sra srta dra lic ing engr chief alhaji alhaja hajia"
    " shri smt"
)
DEGREES: Final = _words("md phd esq cpa rn dds jd dvm mba")
NOT_NAMES: Final = _words("fnu lnu nmn nmi")
"""How American files write that a first, last or middle name is not known."""

WORDS_OF_CONSONANTS: Final = _words("jr sr md ng dr ms mr st mc wm ph rn dds jd nd rd th")
"""Short words that are no initials, though they have no vowel."""

SUFFIXES: Final[Mapping[str, int]] = MappingProxyType(
    {"sr": 1, "senior": 1, "jr": 2, "junior": 2, "ii": 2, "2nd": 2}
    | {"iii": 3, "3rd": 3, "iv": 4, "4th": 4, "v": 5, "5th": 5}
)

PARTICLES: Final = _words(
    "de del dela della dei di da das do dos du la las los le van von vom der den ter ten zu"
    " zur al el ul bin bint ibn ben y"
)
SHORTENED: Final[Mapping[str, str]] = MappingProxyType({"saint": "st", "sainte": "ste"})
"""Words of a name that are written both ways: Saint John, St. John."""

ARTICLES: Final = _words("la las los el")

SPANISH: Final = _words(
    "garcia rodriguez martinez hernandez lopez gonzalez gonzales perez sanchez ramirez torres"
    " flores rivera gomez diaz reyes morales ortiz gutierrez chavez ramos ruiz alvarez mendoza"
    " vasquez vazquez castillo jimenez moreno romero herrera medina aguilar garza vargas castro"
    " guzman"
    " mendez fernandez munoz salazar soto vega delgado pena contreras rios mejia guerrero nunez"
    " dominguez molina estrada rojas silva cortez cortes velasquez velazquez juarez espinoza"
    " sandoval acosta maldonado padilla cabrera figueroa campos fuentes carrillo calderon rosales"
    " cervantes lara trujillo pacheco orozco robles avila solis salinas zamora suarez ibarra"
    " villarreal mora cardenas navarro ochoa valdez valencia bautista quintero zuniga"
)
"""Last names that stand in the middle of a Spanish name: left out, it is not a middle name."""

FAMILY_FIRST: Final = _words(
    "nguyen tran pham huynh hoang phan vu vo dang bui ngo duong dinh truong trinh luong doan dao"
    " luu le kim lee park choi zhang wang chen liu huang zhao wu zhou li"
)
"""Where one of these stands first and none last, it is the family's name."""

VIETNAMESE: Final = _words(
    "nguyen tran pham huynh hoang phan vu vo dang bui ngo duong dinh truong trinh luong doan dao"
    " luu le"
)
"""Beside these, Van, Le and Do are names and not particles."""

# Chinese and Korean family names in the spellings of several systems; a row is one name.
_EASTERN: Final = """
li lee lei
lee yi rhee ri i
zhang chang cheung teo
wang wong ong
liu lau liew lew
chen chan tan chin
yang yeung young
huang wong hwang ng
zhao chao chiu
wu ng goh
zhou chou chow chau
xu hsu hui
sun suen
ma mah
zhu chu choo
hu woo hoo
guo kuo kwok quek
he ho
gao kao ko
lin lam lim
luo lo law
zheng cheng tay
liang leung
xie hsieh tse
song sung soong
tang tong
han hahn
feng fung
yu yue
dong tung
xiao hsiao siu
cheng ching
cao tsao cho
yuan yuen
deng teng tang
fu foo
shen sum
zeng tseng tsang
peng pang
lu lo
su so
jiang chiang kong
cai tsai choi chua
jia chia
ding ting
wei ngai
ye yeh yip
pan poon
du to
dai tai
xia hsia ha
tian tien tin
ren jen yam
fan
fang fong
shi shih
yao yiu
tan tam
liao liu
zou tsou chau
xiong hsiung hung
jin kam kim
kim gim ghim
park pak bak
choi choe chey
jung jeong chung joung
kang gang
cho jo joh
yoon yun youn
jang chang
lim im rim
oh o
seo suh
shin sin
kwon gwon
hwang whang
ahn an
ryu yu yoo ryoo
jeon jun chun
hong
ko go koh
moon mun
son sohn
bae pae
baek paik baik
heo hur huh
nam
noh roh no
ha
sung seong
cha
joo ju
woo wu
koo gu ku goo
min
na ra
jin chin
um eom
chae
won
"""
EASTERN: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {
        word: frozenset(
            number
            for number, row in enumerate(_EASTERN.strip().splitlines())
            if word in row.split()
        )
        for word in _EASTERN.split()
    }
)
"""A family name, and the rows that hold it."""

_SHORT: Final = """
jose: pepe pepito chepe ze jos
maria: ma mari marita maruja mariquita
mary: ma
francisco: fco paco pancho paquito kiko curro chico fran frank
francisca: paquita pancha paca fran
guadalupe: gpe lupe lupita
ignacio: nacho
ignacia: nacha
jesus: chuy chucho suso
juan: juanito juancho
juana: juanita
antonio: tono tony toninho
antonia: tona toni
manuel: manolo manny lolo manu
manuela: manoli manola
luis luiz: lucho luisito
luisa: lucha luisita
roberto: beto rober robertito
alberto: beto berto
humberto norberto gilberto: beto berto
guillermo: memo guille
eduardo: lalo edu
edgardo: lalo
enrique: quique kike
ricardo: richi rich ricky
rafael: rafa
fernando: fer nando
fernanda: fer nanda
gerardo: jerry lalo
graciela: chela
gabriela: gaby gabi
gabriel: gabo gabi
rosario: charo chayo
concepcion: concha conchita
dolores: lola lolita
mercedes: meche merche
teresa: tere teresita
isabel: chabela isa chavela
consuelo: chelo
josefina: pepa fina chepina josie
josefa: pepa pepita
alejandro: alex ale jandro
alejandra: alex ale
santiago: santi chago
sebastian: seba sebas
salvador: chava
jorge: jorgito
javier: javi
leticia: lety leti
beatriz: bety bea betty
patricia: paty
margarita: mago rita
ana: anita
carmen: carmela carmelita carmencita
rosa: rosita
pedro: pedrito perico
pablo: pablito
andres: andy
cristina: cris tina
ernesto: neto
rodolfo: fito rudy
adolfo: fito
hector: tito
victoria: vicky viqui
victor: vico
esteban: teban
soledad: sole chole
socorro: coco
refugio: cuca cuco
trinidad: trini
encarnacion: encarna
milagros: mila
asuncion: asun chona
lourdes: lulu
lucia: lucy lu
sofia: sofi sonya
silvia: chivis
vicente: chente
inocencio: chencho
lorenzo: lencho
florencio: lencho
hortensia: tencha
leonardo: leo
leonel: leo
mauricio: mau
miguel: migue
agustin: tin
joaquin: quino
raul: rulo
ramon: moncho
ramona: moncha mona
gonzalo: gonza chalo
joao: joaozinho
aleksandr alexander alexandr oleksandr aleksander: sasha sascha sanya shura alex
aleksandra alexandra oleksandra: sasha sascha sanya shura alex ola
dmitry dmitri dmitriy dmytro: dima mitya
vladimir volodymyr: vova volodya vlad
vladislav: vlad
sergei sergey serhiy sergiy: seryozha serge serhii
ivan: vanya
mikhail mykhailo: misha
nikolai nikolay mykola: kolya nick
aleksei alexei alexey oleksiy: alyosha lyosha alex
andrei andrey andriy: andryusha
pavel pavlo: pasha
konstantin kostiantyn: kostya
grigory grigori hryhoriy: grisha
yevgeny evgeny yevgeniy evgeniy yevhen: zhenya gene
yevgenia evgenia: zhenya jenny
yekaterina ekaterina katerina kateryna: katya kate
tatiana tatyana tetiana tetyana: tanya tania
natalia natalya nataliya: natasha nata
mariya: masha
maria: masha
anna: anya ania anka annie
anastasia anastasiya: nastya stasia
elena yelena olena: lena
irina iryna: ira
olga olha: olya
svetlana svitlana: sveta lana
ludmila lyudmila liudmyla: lyuda mila luda
yuri yuriy yurii: yura
viktor: vitya vic
boris: borya
stanislav stanislaw: stas stan staszek
vyacheslav yaroslav svyatoslav: slava
daria darya: dasha
polina: polya
valentina valentyna: valya
galina halyna: galya
valery valeri: valera
leonid: lyonya leo
lyubov lubov: lyuba luba
ksenia kseniya: ksyusha
katarzyna: kasia kaska
malgorzata: gosia malgosia
agnieszka: aga agusia
joanna: asia joasia
barbara: basia barb
stanley: stan
eleanor: nell
elzbieta: ela
zofia: zosia
jan: janek jas
krzysztof: krzysiek krzys kris
tomasz: tomek
piotr: piotrek
wojciech: wojtek
grzegorz: grzesiek greg
magdalena: magda
jerzy: jurek
jozef: jozek
zbigniew: zbyszek
slawomir: slawek
jaroslaw: jarek
miroslaw: mirek
tadeusz: tadek
waldemar: waldek
kazimierz: kazik
wladyslaw: wladek
olufunmilayo olufunmilola: funmi
olufunke oluwafunke: funke
adebayo: bayo
adewale: wale
babatunde: tunde
temitope: tope temi
ifeoma: ify
ikechukwu: ike iyke
ikenna: ike
nkechinyere: nkechi
onyekachi: kachi
chinedu: nedu
chukwudi: chudi
muhammad mohammad mohammed mohamed muhammed: md mo moe mohd muhd
mustafa: musti
abdullah: abdul
katherine kathryn catherine: kat
christopher christine christina kristina kristin kristen: kris
william: wm
charles: chas
george: geo
thomas: thos
robert: robt
james: jas
john: jno
"""

_NOBODY_SAYS: Final = """
robert: bill billy
bill billy: robert fred
willie: fred
orlando: roland
roland: orlando
sandra: cassandra
cassandra: sandra
"""
"""Rows of the package that would take one person for another."""

SHORTENED_BY: Final = ("oluwa", "olu", "ade", "chukwu", "baba", "abdul", "abdel", "abd")
"""First halves of given names that people leave away: Oluwaseun is Seun."""


@cache
def short_names() -> dict[str, frozenset[str]]:
    """Return the short forms of each given name, in folded letters."""
    from nicknames import name_triplets  # noqa: PLC0415 - 0.05 s: only where names are compared

    known = _rows(_SHORT)
    never = _rows(_NOBODY_SAYS)
    for long, _relation, short in name_triplets():
        if short not in never.get(long, ()):
            known[long] = known.get(long, frozenset()) | {short}
    return known


@cache
def names_of_their_own() -> frozenset[str]:
    """Return given names that have short forms themselves: Louise is not what Louis is called."""
    known = short_names()
    return frozenset(
        name
        for name, shorts in known.items()
        if name not in STILL_SHORT and any(name not in known.get(short, ()) for short in shorts)
    )


STILL_SHORT: Final = _words(
    "alex babs becca beck bella bert bess beth biddie bill billy bob bobby brad carrie casey cathy"
    " charlie chick christy cole con debbie debby della dick dotty ebbie eddie eddy ellie elsie"
    " essy fran frankie freda gertie gus gwen harry jerry jessie jim jody joe jon kate katy kenny"
    " kit kristy lena leo lib lil lilly lindy lizzie lonzo lou mac mack maddy manda manny marge mat"
    " maud mick mike mitzi nathan nelle nora ossy patsy peggy philly reggie rich rick ricky ron sam"
    " sue susie tammie tammy tasha ted thom tim tisha tom tony trish trix vic vicki wally wendy"
    " will willie zach zack"
)
"""Short forms that have become so much of a name that they are shortened again: Mike, Mick."""


@cache
def long_names() -> dict[str, frozenset[str]]:
    """Return the names that each short form may stand for."""
    longs: dict[str, set[str]] = {}
    for long, shorts in short_names().items():
        for short in shorts:
            longs.setdefault(short, set()).add(long)
    return {short: frozenset(names) for short, names in longs.items()}


@cache
def spellings() -> frozenset[tuple[str, str]]:
    """Return given names that are one, in several spellings or languages, both ways."""
    rows = [line.split() for line in _ONE_NAME.strip().splitlines()]
    return frozenset((one, other) for row in rows for one in row for other in row if one != other)


_ONE_NAME: Final = """
juan joao ivan jan yohannes yahya john johnny
jose jozef yusuf yousef youssef joseph joe
miguel mikhail michal mikael mykhailo michael mike
guillermo william bill
jorge jerzy yuri george
carlos charles charlie
pedro piotr petro peter pete
pablo pavel pavlo paul
luis luiz louis lewis
roberto robert bob
eduardo edward eddie
enrique henry
ricardo richard
francisco francis
maria maryam mariam miriam mary
ana ann anne anna
juana jane
marta martha
ines agnes
isabel elizabeth elisabeth
andres andrei andriy andrzej andrew
esteban stepan stefan stephen steven stephan
tomas tomasz thomas tom
jaime santiago diego james
alejandro aleksandr oleksandr aleksander alexander
yelena elena olena helen
yekaterina ekaterina katarzyna catherine katherine kathryn katharine katheryn cathryn
yevgeny evgeny yevgeniy evgeniy yevhen eugene
nikolai nikolay mykola nicholas nicolas
ibrahim abraham
musa moses
dawit daud dawood david
sulaiman suleiman solomon
yaqub jacob
sean shawn shaun
jeffrey jeffery geoffrey
mark marc
phillip philip felipe
alan allan allen
lawrence laurence lorenzo
gerald jerald
teresa theresa
sara sarah
rebecca rebekah
deborah debra debora
jacqueline jacquelyn jaclyn
leslie lesley
zachary zachery zackary
frederick fredrick
yesenia jesenia llesenia
giovanni jovani geovanni
cristian christian kristian
aisha ayesha aysha aicha
khadija khadijah hadija
zaynab zainab zeinab
fatima fatma fatimah
ahmed ahmad
saeed said sayed
hussein husayn husain
jesus isa
xiomara siomara
vladimir volodymyr wladimir
yulia yuliya yuliia iuliia julia
oleg oleh
igor ihor
sergei sergey serhiy sergiy serhii serge
dmitry dmitri dmitriy dmytro
aleksei alexey alexei oleksiy
olga olha
irina iryna irene
svetlana svitlana
natalia natalya nataliya nataliia natalie
tatiana tatyana tetiana tetyana
galina halyna
konstantin kostiantyn constantine
kirill kyrylo cyril
maksim maxim maksym
yakov jakov jacob
ilya illia ilia
yana jana
"""
