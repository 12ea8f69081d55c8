package io.solebox.server.models;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Registration;

/** Whoever waits for a model. */
interface Presence {
  /** Somebody who never leaves. */
  Presence ALWAYS =
      new Presence() {
        @Override
        public Registration whenGone(Runnable action) {
          return () -> {};
        }

        @Override
        public RuntimeException gone() {
          return new IllegalStateException("nobody can have left");
        }
      };

  /** The client of a request, whose body is read. */
  static Presence of(Exchange exchange) {
    return new Presence() {
      @Override
      public Registration whenGone(Runnable action) {
        return exchange.cancelWith(action);
      }

      @Override
      public RuntimeException gone() {
        return exchange.cancelled();
      }
    };
  }

  /** Does something, in another thread, when it leaves before the result is closed. */
  Registration whenGone(Runnable action);

  /** Why nobody waits any more. */
  RuntimeException gone();
}
