"""The functions that IronCalc lends."""

from sheets_crm.emulator.formulas.engine import NoEngine


class IronCalcEngine(NoEngine):
    """Not yet."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
