package io.honker.cli.doctor;

/** How bad a finding is. */
public enum Severity {
  /** Something does not work, or data may be lost. */
  ERROR,
  /** Something will not work for long, or nobody does it. */
  WARNING,
  /** Good to know. */
  NOTE
}
