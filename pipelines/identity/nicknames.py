"""Names by which people go instead of their first name, in English and Spanish: the formal one first on each line.

A short form may stand for several names, and people have others: no agreement here proves anything, and none decides
alone. Names are written as `names.sql` makes them plain.
"""

from __future__ import annotations

NICKNAMES: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
    abraham abe bram
    albert al bert
    alberto beto
    alejandra ale sandra
    alejandro alex ale jandro
    alexander alex al sasha xander
    alexandra alex sandra sasha lexi
    alfredo alfie fredo
    alfred al fred alfie
    andrea andy andi
    andrew andy drew
    andres andy
    anthony tony ant
    antonio tony tono
    arturo art turo
    barbara barb babs
    beatriz bea betty
    benjamin ben benny benji
    carlos charlie carlitos
    catherine cathy kate katie cat kitty
    charles charlie chuck chas
    christina chris tina christy
    christine chris tina christy
    christopher chris topher kit
    cristina cris tina
    cristobal cris
    cynthia cindy
    daniel dan danny
    david dave davey
    deborah deb debbie
    dolores lola
    donald don donny
    dorothy dot dottie
    eduardo eddie lalo
    edward ed eddie ted ned
    elizabeth liz beth betty lisa eliza libby
    enrique kike henry rick
    ernesto ernie neto
    esteban steve
    eugene gene
    fernando nando fernie
    florence flo
    francisca paquita pancha
    francisco frank pancho paco cisco kiko
    frederick fred freddy
    gabriel gabe
    gabriela gabby
    gerald gerry jerry
    gerardo jerry gera
    gilberto gil beto
    gregory greg
    gregorio greg goyo
    guadalupe lupe lupita
    guillermo memo bill
    harold harry hal
    henry hank harry
    hector tito
    ignacio nacho
    isabel isa chabela
    jacob jake
    jaime jimmy
    james jim jimmy jamie
    javier javi
    jennifer jen jenny
    jesus chuy
    john jack johnny jon
    jonathan jon johnny
    joaquin quino
    jorge george
    jose joe pepe chepe
    joseph joe joey jo
    josefina josie fina
    joshua josh
    juan johnny john juanito
    judith judy
    katherine kathy kate katie kat
    kenneth ken kenny
    lawrence larry
    leonardo leo
    leonard len lenny leo
    lorenzo larry
    luis louie lucho
    manuel manny manolo
    margaret maggie meg peggy marge
    margarita rita maggie
    maria mary mari
    matthew matt
    michael mike mikey mick
    michelle shelly
    miguel mike migue
    nathaniel nate nathan
    nicholas nick nicky
    nicolas nick nico
    pamela pam
    patricia pat patty trish
    patrick pat paddy
    pedro pete
    peter pete
    rafael rafa ralph
    ramon ray moncho
    raymond ray
    rebecca becky
    ricardo rick ricky richard
    richard rick rich dick ricky
    robert bob rob bobby robbie bert
    roberto bob rob beto robert
    rodolfo rudy fito
    ronald ron ronnie
    rosario chayo
    ruben benny
    salvador sal chava
    samuel sam sammy
    samantha sam
    sergio checo
    stephanie steph
    stephen steve
    steven steve
    susan sue susie
    teresa terry tere
    theodore ted teddy theo
    theresa terry tess
    thomas tom tommy
    timothy tim
    tomas tommy tom
    vicente chente vince
    victoria vicky tori
    vincent vince vinny
    virginia ginny
    walter walt wally
    william will bill billy liam willy
    zachary zach zack
    """.strip().splitlines()
)


def forms() -> list[tuple[str, str]]:
    """Pairs of a name and a formal name that it may stand for."""
    return sorted({(name, group[0]) for group in NICKNAMES for name in group})
