"""No program agrees for a person: the words by which pages ask for it, in English and Spanish."""

from __future__ import annotations

import pytest

from optout.model.flow import Check, Press
from optout.rules.hands_off import is_for_people, says_agreed

AGREES = [
    "I agree to the terms",
    "I understand that this is final",
    "I understand…",
    "By checking this box you authorize us",
    "By clicking Submit, you accept our policy",
    "By submitting this form I confirm the above",
    "You agree that we may call you",
    "We certify",
    "I have read and understood this",
    "The above is true and correct",
    "Under oath",
    "Acepto los términos",
    "Acepto los terminos y condiciones",
    "ACEPTO",
    "Declaro bajo protesta de decir verdad",
    "Autorizo a la empresa",
    "Estoy de acuerdo",
    "He leído el aviso de privacidad",
    "Entiendo que esto es definitivo",
    "Certifico que soy la persona",
    "Al marcar esta casilla usted nos autoriza",
    "Al hacer clic en Enviar",
    "Consiento el tratamiento",
    "Confirmo que los datos son correctos",
]
ONLY_ASKS = [
    "Do not sell or share my personal information",
    "Delete my data",
    "I want to delete my data",
    "I am a California resident",
    "Opt out of targeted advertising",
    "Send me a copy by e-mail",
    "Confirm e-mail",
    "Elimine mis datos",
    "No vendan mi información",
    "Quiero acceder a mis datos",
    "Soy residente de California",
    "Correo electrónico",
    "Next",
    "Continuar",
    "Submit request",
    "Enviar",
]


@pytest.mark.parametrize("words", AGREES)
def test_agreeing_is_left_to_the_person(words: str) -> None:
    assert says_agreed(words)
    assert is_for_people(Check(label=words))
    assert is_for_people(Press(press=words))


@pytest.mark.parametrize("words", ONLY_ASKS)
def test_asking_is_no_agreeing(words: str) -> None:
    assert not says_agreed(words)
    assert not is_for_people(Check(label=words))
    assert not is_for_people(Press(press=words))


@pytest.mark.parametrize("into", ["#aceptoTerminos", "[name=acepto_tos]", "#agreeToTerms"])
def test_a_selector_may_say_it_too(into: str) -> None:
    assert is_for_people(Check(into=into))
    assert not is_for_people(Check(into="#optOutOfSale"))  # control
