"""The tables of payments. Times are milliseconds; what the vendor keeps as an object is kept as its JSON."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS portone_payments (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tx_id TEXT NOT NULL,
  status TEXT NOT NULL,
  channel TEXT NOT NULL,
  title TEXT NOT NULL,
  won INTEGER NOT NULL,
  tax_free INTEGER NOT NULL,
  vat INTEGER NOT NULL,
  paid INTEGER NOT NULL DEFAULT 0,
  customer TEXT NOT NULL,
  custom_data TEXT,
  notice_urls TEXT NOT NULL,
  origin TEXT NOT NULL,
  method TEXT,
  failure TEXT,
  requested_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  paid_at INTEGER,
  failed_at INTEGER,
  cancelled_at INTEGER,
  expires_at INTEGER,
  closed_at INTEGER
);
CREATE INDEX IF NOT EXISTS portone_payments_requested ON portone_payments (requested_at, no);
CREATE INDEX IF NOT EXISTS portone_payments_changed ON portone_payments (changed_at, no);
CREATE TABLE IF NOT EXISTS portone_registrations (
  id TEXT PRIMARY KEY,
  won INTEGER NOT NULL,
  tax_free INTEGER
);
CREATE TABLE IF NOT EXISTS portone_windows (
  tx_id TEXT PRIMARY KEY,
  payment TEXT NOT NULL,
  request TEXT NOT NULL,
  redirect_url TEXT NOT NULL,
  origin TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS portone_cancellations (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  payment TEXT NOT NULL,
  status TEXT NOT NULL,
  won INTEGER NOT NULL,
  tax_free INTEGER NOT NULL,
  vat INTEGER NOT NULL,
  reason TEXT NOT NULL,
  account TEXT,
  is_quiet INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  cancelled_at INTEGER,
  due_at INTEGER,
  ends TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS portone_cancellations_payment ON portone_cancellations (payment, no);
CREATE INDEX IF NOT EXISTS portone_cancellations_due ON portone_cancellations (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS portone_webhooks (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  payment TEXT NOT NULL,
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  payment_status TEXT NOT NULL,
  cause TEXT,
  status TEXT,
  calls INTEGER NOT NULL DEFAULT 0,
  is_held INTEGER NOT NULL DEFAULT 0,
  is_late INTEGER NOT NULL DEFAULT 0,
  triggered_at INTEGER NOT NULL,
  due_at INTEGER
);
CREATE INDEX IF NOT EXISTS portone_webhooks_payment ON portone_webhooks (payment, no);
CREATE INDEX IF NOT EXISTS portone_webhooks_due ON portone_webhooks (due_at, no) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS portone_keys (
  key TEXT PRIMARY KEY,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS portone_tallies (
  name TEXT PRIMARY KEY,
  n INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS portone_draws (
  name TEXT PRIMARY KEY,
  n INTEGER NOT NULL
);
"""
# portone_draws is never emptied: no account number is given twice
TABLES = (
    "portone_payments",
    "portone_registrations",
    "portone_windows",
    "portone_cancellations",
    "portone_webhooks",
    "portone_keys",
    "portone_tallies",
)
TALLIES = (
    "deposits",
    "payment_webhooks_sent",
    "payment_webhook_failures",
    "payment_webhooks_lost",
    "payment_webhooks_repeated",
)
