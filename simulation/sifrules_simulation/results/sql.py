"""Querying saved tables in SQL (fråga i SQL): read by duckdb, as streams, and never written.

The tables are views of the files in the folder. A query is one SELECT; duckdb may open those
files and no others, and has no network, no extensions to fetch and no settings to change. It
takes a share of the machine and no more (`query_limits`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar

from attrs import asdict, frozen

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.results import table_files
from sifrules_simulation.results.mistakes import mistake
from sifrules_simulation.results.query_limits import QueryLimits, gigabytes
from sifrules_simulation.results.tables import SavedTable, SavedTables
from sifrules_simulation.results.temporary import temporary_folder

Done = TypeVar("Done")
Row = tuple[Any, ...]

#: How many rows are fetched at a time.
_BATCH = 2_000
#: What duckdb calls the kinds of numbers, newer and older.
_NUMBER = re.compile(r"NUMBER|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*")
#: What duckdb may not do by itself, said before it knows of any file.
_CLOSED = {
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_FAILURES = (
    "CREATE TABLE {name} (part VARCHAR, policy VARCHAR, draw BIGINT, replication BIGINT, "
    "seed UBIGINT, error VARCHAR, command VARCHAR)"
)


@frozen
class QueryColumn:
    """A column of an answer: its name, and whether it holds numbers."""

    name: str
    number: bool


@frozen(kw_only=True)
class Queried:
    """What a query gives: its columns, its rows bit by bit, and how many there are in all."""

    columns: tuple[QueryColumn, ...]
    batches: Iterator[Sequence[Row]]
    count: Callable[[], int]


@contextmanager
def queried(saved: SavedTables, sql: str) -> Iterator[Queried]:
    """What a query of the tables gives, while it is open.

    Raises `SifError` where duckdb is not installed, where the query is no single SELECT or would
    read or write anything else, and for what is wrong in it, with the place.
    """
    duckdb = _duckdb()
    # Where a large sort or join may put down what memory does not hold.
    with temporary_folder() as spill, ThreadPoolExecutor(1) as worker:
        try:
            config = {**_CLOSED, "temp_directory": str(spill)}
            connection = duckdb.connect(":memory:", config=config)
            limits = QueryLimits.of_machine(connection, spill)
            limits.set_in(connection)
        except duckdb.Error as error:
            reported = " ".join(str(error).split())
            raise SifError(
                Message("query.duckdb_failed", reported=reported), fix=Message("query.upgrade")
            ) from None
        try:
            with limits.held():
                yield _answer(_Query(duckdb, connection, worker, saved, sql, limits))
        finally:
            connection.close()


@frozen
class _Query:
    """One query, run next to the main thread, so that Ctrl-C is heeded at once."""

    duckdb: Any
    connection: Any
    worker: ThreadPoolExecutor
    saved: SavedTables
    sql: str
    limits: QueryLimits

    def done(self, work: Callable[[], Done], below: int = 0) -> Done:
        """What comes of a piece of work; what goes wrong in it is reported as the query's.

        ``below`` is how many lines stand above the query there.
        """
        future = self.worker.submit(work)
        try:
            # Awake now and then: where polars has run, Ctrl-C alone does not end a wait.
            while not wait([future], timeout=0.1).done:
                pass
            return future.result()
        except KeyboardInterrupt:
            while not future.done():
                self.connection.interrupt()
                wait([future], timeout=0.1)
            raise
        except (MemoryError, self.duckdb.OutOfMemoryException):
            raise SifError(
                Message(
                    "query.too_large",
                    memory=gigabytes(self.limits.memory),
                    disk=gigabytes(self.limits.disk),
                ),
                where="--sql",
                fix=Message("query.ask_for_less"),
            ) from None
        except self.duckdb.Error as error:
            raise mistake(str(error), self.saved, self.sql, below) from None


def _answer(query_run: _Query) -> Queried:
    connection = query_run.connection
    query_run.done(lambda: _opened(connection, query_run.saved))
    query = query_run.done(lambda: _single(query_run))
    # A SELECT may hold a COPY or INSERT, but only at the top: it is refused within another one.
    within = f"(\n{query}\n) AS answer"
    query_run.done(
        lambda: connection.execute(f"EXPLAIN SELECT * FROM {within}").fetchall(), below=1
    )
    found = query_run.done(lambda: connection.execute(query))
    columns = tuple(_columns(found.description))
    first = query_run.done(lambda: found.fetchmany(_BATCH))

    def rest() -> Iterator[Sequence[Row]]:
        while rows := query_run.done(lambda: found.fetchmany(_BATCH)):
            yield rows

    def count() -> int:
        counted = connection.cursor().execute(f"SELECT count(*) FROM {within}")
        return int(counted.fetchone()[0])

    return Queried(
        columns=columns, batches=chain([first], rest()), count=lambda: query_run.done(count)
    )


def _opened(connection: Any, saved: SavedTables) -> None:
    """Make the tables views, then lock everything else out, and the lock itself in."""
    files = {file.resolve() for each in saved.tables.values() for file in each.files}
    allowed = {name for file in files for name in (str(file), table_files.sql_pattern(file))}
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET allowed_paths = {table_files.sql_list(sorted(allowed))}")
    for each in saved.tables.values():
        if each.files:
            connection.execute(f"CREATE VIEW {_name(each.name)} AS {_select(each)}")
        else:
            connection.execute(_FAILURES.format(name=_name(each.name)))
            rows = [tuple(asdict(failure).values()) for failure in each.failures]
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {_name(each.name)} VALUES ({marks})", rows)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _select(table: SavedTable) -> str:
    """A saved table out of its files."""
    source = table_files.sql_source([file.resolve() for file in table.files])
    if table.columns is None:
        return f"SELECT * FROM {source}"
    columns = [_name(each) for each in table.columns]
    if table.by_year:
        years = f"len({_name(next(iter(table.by_year)))}) + 1"
        columns.append(f"unnest(range(1, {years})) AS year")
        columns += (
            f"unnest({_name(each)}) AS {_name(name)}" for each, name in table.by_year.items()
        )
    return f"SELECT {', '.join(columns)} FROM {source}"


def _single(query_run: _Query) -> str:
    """The one SELECT that is asked for, without what ends it."""
    statements = query_run.connection.extract_statements(query_run.sql)
    known = ", ".join(query_run.saved.tables)
    if not statements:
        raise SifError(
            Message("query.empty"),
            where="--sql",
            fix=Message("query.select_from_known", known=known),
        )
    if len(statements) > 1 or statements[0].type != query_run.duckdb.StatementType.SELECT:
        pivot = re.match(r"\s*(from|pivot|select|with)\b", query_run.sql, re.IGNORECASE)
        raise SifError(
            Message("query.one_select"),
            where="--sql",
            fix=Message("query.one_at_a_time")
            if pivot
            else Message("query.select_from_known", known=known),
        )
    return _bare(query_run.duckdb, query_run.sql)


def _bare(duckdb: Any, sql: str) -> str:
    """A query without the semicolons around it, every letter where it was."""
    bare = sql.encode()  # duckdb counts bytes
    for at, _ in reversed(duckdb.tokenize(sql)):
        if bare[at : at + 1] == b";":
            bare = bare[:at]
        elif bare[at : at + 2] not in (b"--", b"/*"):
            break
    begun = len(bare) - len(bare.lstrip(b"; \t\r\n"))
    return (bare[:begun].replace(b";", b" ") + bare[begun:]).decode()


def _columns(described: Sequence[Sequence[Any]]) -> Iterator[QueryColumn]:
    """The columns of an answer; of two that have one name, the second gets another."""
    seen: set[str] = set()
    for name, kind, *_ in described:
        apart = next(
            each
            for each in chain([name], (f"{name}_{number}" for number in range(1, 10_000)))
            if each not in seen
        )
        seen.add(apart)
        yield QueryColumn(apart, number=_NUMBER.fullmatch(str(kind)) is not None)


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def refuse_without_means() -> None:
    """Raise `SifError` where queries cannot be answered: before anything is read."""
    _duckdb()


def _duckdb() -> Any:
    """The library that answers; `SifError` where it is not installed."""
    try:
        import duckdb
    except ImportError as error:
        raise SifError(Message("query.needs_duckdb"), fix=Message("query.install_extra")) from error
    return duckdb
