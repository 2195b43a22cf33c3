"""Practice companies that run on this machine: for `optout demo`, for practising, for tests.

They are real servers behind reserved `.test` names, met through the same browser, fence and mail
path as any company. Nothing real is behind them, and every page says so.

    servers.py       starts and stops them all: `with sample_world() as world`
    risk_data.py     a wizard that silently files an empty request when Add is not pressed
    people_search.py search, namesakes, a box only a person may answer, a mailed second form
    mail_list.py     takes requests by e-mail only
    elsewhere.py     a host that must never receive anything
    switches.py      what can be made to go wrong, for tests
    people.py        the invented people, and scripted_person.py how one of them would act
"""
