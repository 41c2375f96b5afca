"""The settings: `sheets_crm.toml`, with the environment (``SHEETS_CRM_*``) on top; all problems are reported at once.

Each message names the source of its problem, the file and key or the variable. Values are never quoted, since one
of them may be a secret that was put in the wrong place; those of steps of one's own are, which name things.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from jobs import registry
from sheets_crm.clock import VARIABLE, process_clock
from sheets_crm.config_alerts import Alerts
from sheets_crm.config_database import DEFAULT, anchored_database, database_address, holds_password
from sheets_crm.config_endpoint import base_url
from sheets_crm.config_instantly import Instantly
from sheets_crm.config_steps import CustomStep, pipeline_problems, with_extra_columns
from sheets_crm.config_webhooks import Webhooks
from sheets_crm.errors import SettingsError
from sheets_crm.features import modules
from sheets_crm.limits import REQUESTS_A_MINUTE
from sheets_crm.messages import CATALOGUE, LANGUAGES, Said, said
from sheets_crm.pipeline import custom_steps
from sheets_crm.pipeline.columns import MOST_PROMPTS, PROMPTS, state_columns
from sheets_crm.pipeline.custom_steps import meant
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import BUILT_IN, STEPS
from sheets_crm.workbook.control import MOST_PARTS

FILE_NAME = "sheets_crm.toml"
DEFAULT_LANGUAGE: Final = "es"
"""Of a workbook whose settings name none."""
PREFIX = "SHEETS_CRM_"
NESTED: Final = "__"
"""Between the name of a table and that of its key, as in ``SHEETS_CRM_INSTANTLY__API_KEY``."""
TABLES: Final[dict[str, type[Webhooks | Instantly | Alerts]]] = {
    "webhooks": Webhooks,
    "instantly": Instantly,
    "alerts": Alerts,
}
"""Settings that are tables with keys of their own."""
WORKER_COLUMNS = frozenset({"send", "notes"})
"""Columns that every input tab has in any case."""

_ID_IN_URL = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([\w-]+)")

RESERVED_NAMES = frozenset(job.name for job in registry.JOBS)
"""Names of jobs; a workbook of ``workbooks`` cannot have one, because the worker's tasks are known by them."""


class ProblemsError(ValueError):
    """Several problems of one value, each a message.

    Attributes:
        problems: The messages.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def spreadsheet_id(text: str) -> str:
    """Extract the id of a workbook from its id or any of its URLs.

    Raises:
        ValueError: The text is neither.
    """
    text = text.strip()
    match = _ID_IN_URL.search(text)
    if match:
        return match[1]
    if not re.fullmatch(r"[\w-]*", text, re.ASCII):
        raise ValueError(said("setting.no_spreadsheet"))
    return text


def _credentials(value: object) -> object:
    if isinstance(value, str) and ("{" in value or "\n" in value or "PRIVATE KEY" in value):
        raise ValueError(said("setting.key_itself"))
    return value


def _pipeline(value: list[str]) -> list[str]:
    problems = pipeline_problems(value)
    if problems:
        raise ProblemsError(problems)
    return value


def _extra_columns(value: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
    problems = [text for step, names in value.items() for text in _column_problems(step, names)]
    problems += _unused_columns(value, info.data.get("pipeline", BUILT_IN))
    if problems:
        raise ProblemsError(problems)
    return value


def _column_problems(step: str, names: Sequence[str]) -> list[str]:
    schema = Schema(STEPS)
    if step not in {declared.name for declared in schema.steps}:
        return [_unknown_step(step, [declared.name for declared in schema.steps])]
    shown = {header for header, _ in schema.step(step).columns} | WORKER_COLUMNS
    canonical = {name.casefold(): name for name in schema.names}
    problems: list[str] = [said("setting.column_there", step=step, name=name) for name in names if name in shown]
    problems += [said("setting.column_blank", step=step) for name in names if not name.strip()]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [said("setting.column_twice", step=step, name=name) for name in twice]
    problems += [
        said("setting.column_unknown", step=step, name=name, column=canonical[name.casefold()])
        for name in names
        if canonical.get(name.casefold(), name) != name
    ]
    return problems


def _unused_columns(value: Mapping[str, Sequence[str]], pipeline: Collection[str]) -> list[str]:
    """Columns of the state of a step that is not in use: the Master does not have them."""
    states = {column.name: step for step in BUILT_IN if step not in pipeline for column in state_columns(step)}
    return [
        said("setting.column_unused", step=step, name=name, other=states[name])
        for step, names in value.items()
        for name in dict.fromkeys(names)
        if name in states
    ]


def _known_step(name: str, info: ValidationInfo) -> str:
    if "steps" not in info.data:  # they failed validation, which is reported already
        return name
    steps = [step.name for step in STEPS] + [step.name for step in info.data["steps"]]
    if name not in steps:
        raise ValueError(_unknown_step(name, steps))
    return name


def _unknown_step(name: str, steps: Collection[str]) -> Said:
    return said("setting.unknown_step", step=name, meant=meant(name, steps))


def _steps_right(value: list[CustomStep], info: ValidationInfo) -> list[CustomStep]:
    base = with_extra_columns(
        info.data.get("prompts", PROMPTS),
        info.data.get("extra_columns", {}),
        info.data.get("pipeline", BUILT_IN),
    )
    problems = custom_steps.problems([step.declared for step in value], base)
    if problems:
        raise ProblemsError(problems)
    return value


def _names_apart(value: list[Workbook]) -> list[Workbook]:
    """Refuse names that two tasks of the worker would share: one of them would never run."""
    names = [workbook.name for workbook in value]
    problems: list[str] = [
        said("setting.name_twice", name=name) for name in sorted(set(names)) if names.count(name) > 1
    ]
    problems += [said("setting.name_reserved", name=name) for name in names if name in RESERVED_NAMES]
    if problems:
        raise ProblemsError(problems)
    return value


def _jobs(value: dict[str, str]) -> dict[str, str]:
    problems = list(registry.problems(value))
    if problems:
        raise ProblemsError(problems)
    return value


def _modules(value: list[str]) -> list[str]:
    wrong = modules.problems(value)
    if wrong:
        raise ProblemsError(wrong)
    return value


def _alone_with_modules(value: list[Workbook], info: ValidationInfo) -> list[Workbook]:
    if value and info.data.get("modules"):
        raise ValueError(said("setting.modules_alone"))
    return value


SpreadsheetId = Annotated[str, AfterValidator(spreadsheet_id)]
Parts = Annotated[int, Field(ge=1, le=MOST_PARTS)]


class Workbook(BaseModel, extra="forbid", frozen=True):
    """One of several workbooks under one worker.

    Attributes:
        name: Its name in reports.
        spreadsheet_id: Its id, or its URL.
    """

    name: Annotated[str, Field(min_length=1)]
    spreadsheet_id: Annotated[SpreadsheetId, Field(min_length=1)]


class Settings(BaseSettings):
    """All settings, checked; relative paths start from the settings file's folder.

    Attributes:
        spreadsheet_id: Id or URL of the workbook; "" when none is set.
        credentials: Path of the service-account file; None when none is set.
        endpoint: Base URL used instead of Google's; "" for Google itself.
        state_dir: Folder of caches, archive and spool.
        database: Address of the store, a SQLite file or a PostgreSQL database. It may hold a password, which only the
            environment may give.
        interval_seconds: Seconds from the end of one scheduled run to the start of the next.
        settle_seconds: Debounce: how long ticks and pasted blocks must be unchanged before they count.
        language: Of the labels in the workbook.
        prompts: How many Box 1 prompts the Master has columns for.
        stale_days: A batch of this age is marked stale. The setting is a whole number from 1, because Batches counts
            ages in whole days; a fraction is refused, because no age that Batches shows would be compared with it.
        lead_days: Days from import to Box 1 completed, used while no sample is there to measure it.
        pipeline: The built-in steps in use, in the order that leads pass them. One that is left out has no tabs and no
            figures, and its condition counts as met for the steps behind it.
        extra_columns: Step to the extra columns of its input tab.
        steps: Custom steps, after the built-in ones.
        parts: Step to the number of tabs its batch is split into, as many as Control allows at most.
        full_reconcile_minutes: Longest time between two full reads, which compare every cell.
        heartbeat_minutes: Shortest time between two heartbeats written to the workbook.
        max_change_share: A run is refused when a larger share of the rows changed without a send or an import.
        reads_per_minute: Read requests allowed per minute.
        writes_per_minute: Write requests allowed per minute.
        jobs: Job to its trigger, where it is another than in the registry (`jobs.registry`).
        modules: Optional parts that are switched on (`sheets_crm.features.modules`).
        webhooks: Where the receiver listens; None without such a table.
        instantly: Instantly, as the module of that name uses it; None without such a table.
        alerts: Whom alerts are told outside of the workbook; None without such a table.
        workbooks: Several workbooks under one worker.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTED, extra="forbid", frozen=True, env_ignore_empty=True
    )

    spreadsheet_id: SpreadsheetId = ""
    credentials: Annotated[Path | None, BeforeValidator(_credentials)] = None
    endpoint: Annotated[str, AfterValidator(base_url)] = ""
    state_dir: Path = Path("state")
    database: Annotated[str, AfterValidator(database_address), Field(repr=False)] = DEFAULT
    interval_seconds: Annotated[float, Field(ge=1, le=86_400)] = 15
    settle_seconds: Annotated[float, Field(ge=0, le=3_600)] = 10
    language: Literal["es", "en"] = DEFAULT_LANGUAGE
    prompts: Annotated[int, Field(ge=1, le=MOST_PROMPTS)] = PROMPTS
    stale_days: Annotated[int, Field(ge=1)] = 7
    lead_days: Annotated[float, Field(gt=0)] = 14
    pipeline: Annotated[list[str], AfterValidator(_pipeline)] = Field(default_factory=lambda: list(BUILT_IN))
    extra_columns: Annotated[dict[str, list[str]], AfterValidator(_extra_columns)] = Field(default_factory=dict)
    steps: Annotated[list[CustomStep], AfterValidator(_steps_right)] = Field(default_factory=list)
    # Of its key, so that an unknown step is reported beside a wrong number of another.
    parts: dict[Annotated[str, AfterValidator(_known_step)], Parts] = Field(default_factory=dict)
    full_reconcile_minutes: Annotated[float, Field(gt=0)] = 60
    heartbeat_minutes: Annotated[float, Field(ge=1)] = 10
    max_change_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    reads_per_minute: Annotated[int, Field(ge=1)] = REQUESTS_A_MINUTE
    writes_per_minute: Annotated[int, Field(ge=1)] = REQUESTS_A_MINUTE
    jobs: Annotated[dict[str, str], AfterValidator(_jobs)] = Field(default_factory=dict)
    modules: Annotated[list[str], AfterValidator(_modules)] = Field(default_factory=list)
    webhooks: Webhooks | None = None
    instantly: Instantly | None = None
    alerts: Alerts | None = None
    workbooks: Annotated[list[Workbook], AfterValidator(_names_apart), AfterValidator(_alone_with_modules)] = (
        Field(default_factory=list)
    )

    @property
    def store_address(self) -> str:
        """The store's address; the path of a SQLite file starts from the folder that the state folder is in."""
        return anchored_database(self.database, self.state_dir.parent)

    @property
    def parts_on(self) -> tuple[str, ...]:
        """The modules that are on, and ``alerts`` where somebody is told of alerts: in a module's tab, or outside."""
        told = bool(self.modules) or (self.alerts is not None and self.alerts.tells)
        return (*self.modules, *([registry.ALERTS] if told else []))

    @property
    def schema_of_workbook(self) -> Schema:
        """Built-in columns and steps with those of the settings: extra columns, custom steps, modules."""
        base = with_extra_columns(self.prompts, self.extra_columns, self.pipeline)
        custom = tuple(custom_steps.step_of(step.declared) for step in self.steps)
        loaded = modules.load(self.modules)
        return replace(
            base,
            steps=(*base.steps, *custom),
            of_modules=modules.columns(loaded),
            claims=any(module.claims for module in loaded.values()),
            sending_states=modules.sending_states(loaded),
        )

    @property
    def pushes(self) -> bool:
        """Whether the batches of the step instantly go to the service by themselves."""
        in_use = "instantly" in self.modules and "instantly" in self.pipeline
        return in_use and self.instantly is not None and self.instantly.push

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by one that keeps what is not JSON
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no such file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no such folder is read
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file's values, which come as arguments."""
        return _Environment(settings_cls), init_settings


class _Environment(EnvSettingsSource):
    """The environment as a source; validation reports a variable that is not JSON, with the other problems."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Decode the value as JSON, or leave it as text when it is not JSON."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value

    def explode_env_vars(
        self, field_name: str, field: FieldInfo, env_vars: Mapping[str, str | None]
    ) -> dict[str, Any]:
        """The keys of a table that have variables of their own; one that the table lacks is reported elsewhere."""
        known = _variables_of_table(field_name)
        return super().explode_env_vars(
            field_name, field, {name: value for name, value in env_vars.items() if name.upper() in known}
        )


_LANGUAGE_LINE = re.compile(r"^\s*language\s*=\s*[\"'](es|en)[\"']", re.MULTILINE)


def language_of(path: Path) -> str:
    """The language that a settings file or the environment asks for, even when the rest of them is wrong.

    "" when neither says.
    """
    named = os.environ.get(f"{PREFIX}LANGUAGE", "")
    return named if named in LANGUAGES else language_in(path)


def language_in(path: Path) -> str:
    """The language that the line ``language`` of a settings file names; "" without one."""
    try:
        found = _LANGUAGE_LINE.search(path.read_bytes().decode(errors="replace"))
    except OSError:
        return ""
    return found[1] if found else ""


def load_settings(config: Path | None = None, *, require: Collection[str] = (), several: bool = False) -> Settings:
    """Read the settings.

    Args:
        config: The settings file; without it `FILE_NAME` in the working directory, if there is one.
        require: Names of settings that must be set, such as ``spreadsheet_id``.
        several: Whether a list of workbooks may replace ``spreadsheet_id``.

    Raises:
        SettingsError: With every problem of the file and the environment.
    """
    path = config or Path(FILE_NAME)
    given, problems = _read(path, must_exist=config is not None)
    problems += _unknown_variables() + _wrong_clock() + _secrets(given, path)
    try:
        settings = Settings(**given)
    except ValidationError as error:
        problems += _problems(path, error)
    listed = several and (given.get("workbooks") or _in_environment("workbooks"))
    problems += _missing(given, set(require) - ({"spreadsheet_id"} if listed else set()), path)
    if problems:
        raise SettingsError(
            _summary(problems), problems=problems, remedy=said("settings.remedy", count=len(problems))
        )
    return _anchored(settings, path)


class _FileAlone(Settings):
    """The same settings, read from their file only."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the environment is not read
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the file's values, which come as arguments."""
        return (init_settings,)


def load_alone(path: Path) -> Settings:
    """Read a settings file without the environment: the demo must never touch the workbook that is set there.

    Raises:
        SettingsError: With every problem of the file.
    """
    given, problems = _read(path, must_exist=True)
    problems += _secrets(given, path)
    try:
        settings = _FileAlone(**given)
    except ValidationError as error:
        problems += _problems(path, error)
    if problems:
        raise SettingsError(
            _summary(problems), problems=problems, remedy=said("settings.remedy", count=len(problems))
        )
    base = path.absolute().parent
    credentials = None if settings.credentials is None else base / settings.credentials.expanduser()
    return settings.model_copy(
        update={"credentials": credentials, "state_dir": base / settings.state_dir.expanduser()}
    )


def _read(path: Path, *, must_exist: bool) -> tuple[dict[str, Any], list[str]]:
    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        return tomllib.loads(content.decode()), []
    except FileNotFoundError:
        return {}, [said("settings.no_file", path=path)] if must_exist else []
    except UnicodeDecodeError:
        return {}, [said("settings.no_text", path=path)]
    except OSError as error:
        return {}, [said("settings.unreadable", path=path, reason=error.strerror)]
    except tomllib.TOMLDecodeError as error:
        return {}, [said("settings.no_toml", path=path, reason=str(error))]


def _secrets(given: Mapping[str, Any], path: Path) -> list[str]:
    """The problems of a settings file with a secret in it: such files are copied, mailed and kept in repositories."""
    found: list[str] = []
    if holds_password(given.get("database")):
        words = said("setting.password_in_file", variable=f"{PREFIX}DATABASE")
        found.append(said("settings.wrong", where=f"{path}: database", problem=words))
    table = given.get("instantly")
    if isinstance(table, dict) and table.get("api_key"):
        variable = variable_of("instantly", "api_key")
        words = said("setting.secret_in_file", variable=variable, setting="api_key_file")
        found.append(said("settings.wrong", where=f"{path}: instantly.api_key", problem=words))
    told = given.get("alerts")
    if isinstance(told, dict) and told.get("slack_webhook"):
        words = said("setting.webhook_itself", variable=variable_of("alerts", "slack_webhook"))
        found.append(said("settings.wrong", where=f"{path}: alerts.slack_webhook", problem=words))
    return found


def variable_of(*names: str) -> str:
    """The variable of the environment that a setting has, or a key of a table among them."""
    return PREFIX + NESTED.join(names).upper()


def _variables_of_table(table: str) -> list[str]:
    return [variable_of(table, name) for name in TABLES[table].model_fields] if table in TABLES else []


def _unknown_variables() -> list[str]:
    expected = [variable_of(name) for name in Settings.model_fields]
    expected += [variable for table in TABLES for variable in _variables_of_table(table)]
    variables = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name != VARIABLE)
    return [
        said(
            "settings.unknown",
            place=said("settings.environment"),
            name=name,
            meant=meant(name.upper(), expected),
        )
        for name in variables
        if name.upper() not in expected
    ]


def _wrong_clock() -> list[str]:
    """What is wrong with the clock that the environment asks for, which is no setting: it is for trying things."""
    try:
        process_clock()
    except SettingsError as error:
        return [error.message]
    return []


def _problems(path: Path, error: ValidationError) -> list[str]:
    """One message per problem, without repeats: pydantic reports a value once for each type it might have had."""
    messages = (
        line for details in error.errors(include_url=False, include_input=False) for line in _lines(path, details)
    )
    return list(dict.fromkeys(messages))


def _lines(path: Path, details: ErrorDetails) -> list[str]:
    """The message of a problem, or one for each line where a validator reports several together."""
    error = (details.get("ctx") or {}).get("error")
    if isinstance(error, ProblemsError):
        return [_problem(path, {**details, "msg": line}) for line in error.problems]
    if isinstance(error, ValueError) and error.args and isinstance(error.args[0], str):
        return [_problem(path, {**details, "msg": error.args[0]})]
    return [_problem(path, details)]


def _problem(path: Path, details: ErrorDetails) -> str:
    location = details["loc"]
    if "ready_when" in location and details["type"] in {"bool_type", "string_type"}:
        location, details = location[:-1], {**details, "msg": said("setting.bool_or_text")}
    if location[-1] == "[key]":  # the message names the key
        location = location[:-2]
    key = str(location[0])
    within = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location[1:])
    variable = _variable_with(location)
    place = said("settings.environment") if variable else str(path)
    where = variable or f"{path}: {key}{within}"
    if details["type"] == "extra_forbidden":
        tables: dict[str, type[BaseModel]] = {"steps": CustomStep, **TABLES}
        inner = tables.get(key, Workbook)
        fields = inner.model_fields if len(location) > 1 else Settings.model_fields
        return said(
            "settings.unknown", place=place, name=f"{key}{within}", meant=meant(str(location[-1]), list(fields))
        )
    return said("settings.wrong", where=where, problem=_words(details))


def _variable_with(location: Sequence[int | str]) -> str:
    """The variable that gives the value at a place, and where in it; "" for one of the file."""
    names = [str(part) for part in location]
    own = 2 if names[0] in TABLES and len(names) > 1 and _in_environment(*names[:2]) else 1
    if not _in_environment(*names[:own]):
        return ""
    within = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location[own:])
    return variable_of(*names[:own]) + within


def _words(details: ErrorDetails) -> str:
    """What is wrong with a value: a message of ours, or of the library that checks it."""
    message = details["msg"]
    if isinstance(message, Said):
        return message
    code = f"setting.{details['type']}"
    if code in CATALOGUE:
        limits = {name: f"{limit:g}" if isinstance(limit, float) else limit for name, limit in _limits(details)}
        return said(code, **limits)
    words = message.removeprefix("Value error, ").removesuffix(".")
    return f"{words[:1].lower()}{words[1:]}"


def _limits(details: ErrorDetails) -> list[tuple[str, Any]]:
    """What a value has to keep to, such as ``("ge", 1)``."""
    return list((details.get("ctx") or {}).items())


def _in_environment(*names: str) -> bool:
    """Whether the environment gives a setting, or a key of a table."""
    return any(name.upper() == variable_of(*names) and value for name, value in os.environ.items())


def _missing(given: Mapping[str, Any], require: Collection[str], path: Path) -> list[str]:
    return [
        said("settings.missing", name=name, path=path, variable=f"{PREFIX}{name.upper()}")
        for name in sorted(require)
        if not given.get(name) and not _in_environment(name)
    ]


def _summary(problems: Sequence[str]) -> str:
    return problems[0] if len(problems) == 1 else said("settings.problems", count=len(problems))


def _anchored(settings: Settings, path: Path) -> Settings:
    """Make paths absolute: those of the file from its folder, those of the environment from the working directory."""
    paths = {"state_dir": settings.state_dir, "credentials": settings.credentials}
    bases = {name: Path.cwd() if _in_environment(name) else path.absolute().parent for name in paths}
    resolved: dict[str, Any] = {
        name: bases[name] / value.expanduser() for name, value in paths.items() if value is not None
    }
    for name in TABLES:
        table = getattr(settings, name)
        if table is not None:
            resolved[name] = table.anchored(partial(_base, path, name))
    return settings.model_copy(update=resolved)


def _base(path: Path, table: str, name: str) -> Path:
    """The folder that a path in a table starts from."""
    given = _in_environment(table) or _in_environment(table, name)
    return Path.cwd() if given else path.absolute().parent
