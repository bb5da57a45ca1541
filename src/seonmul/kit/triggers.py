"""Triggers that nothing switches off.

pgtrigger lets code ignore its triggers, and asks at every firing whether it should: a subtransaction each time, which cost
more than the rule itself. What guards money and states is neither asked nor ignored; tests that empty tables do so as
superuser.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from pgtrigger import compiler


class FirmSql(compiler.UpsertTriggerSql):
    """pgtrigger's template without its question. Migrations name it: it may not change once something was released."""

    def get_template(self) -> str:
        """The statements that make or replace a trigger and its function."""
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Trigger(pgtrigger.Trigger):
    """A trigger of pgtrigger, made firm."""

    def compile(self, model: Any) -> compiler.Trigger:
        """As pgtrigger's, with our template."""
        made = super().compile(model)
        return compiler.Trigger(name=made.name, sql=FirmSql(**made.sql.kwargs))


class Protect(Trigger, pgtrigger.Protect):
    """A trigger that refuses an operation on a table."""
