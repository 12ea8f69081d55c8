package io.solebox.server.limits;

/** What was used of days, for longer than a server runs. Safe for many threads. */
public interface Spendings {
  /** Remembers nothing. */
  Spendings NONE =
      new Spendings() {
        @Override
        public long missing(String holder, Bound bound, long most) {
          return 0;
        }

        @Override
        public void changed(Account account) {}
      };

  /**
   * How much of a bound is not there again yet, by what was used before this server began.
   *
   * @param most that the bound allows now
   */
  long missing(String holder, Bound bound, long most);

  /** Something of an account's days was used; returns at once. */
  void changed(Account account);
}
