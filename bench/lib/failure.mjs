/** What goes wrong for a reason that a person can act on: one line, and what to do about it. */
export class Failure extends Error {
  constructor(message, remedy = "") {
    super(message);
    this.remedy = remedy;
  }
}

/** Wrong usage: the same, with exit code 2. */
export class UsageFailure extends Failure {}
