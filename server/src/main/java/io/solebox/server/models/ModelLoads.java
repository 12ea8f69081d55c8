package io.solebox.server.models;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import java.time.Duration;

/**
 * Loads and unloads models of a host, in the words of requests.
 *
 * @param patience how long a request waits for its model to be loaded
 */
record ModelLoads(ModelHost host, Duration patience) {
  /**
   * Waits for a model.
   *
   * @throws Problem 503 with progress if it takes too long to load, 500 if it cannot be loaded
   */
  Lease lease(String name, LoadListener listener, Presence client) throws InterruptedException {
    LoadWait wait = new LoadWait(name, patience, listener);
    try (Registration _ = client.whenGone(wait::leave)) {
      return host.use(name, wait);
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.CLOSED) {
        throw Problem.draining();
      }
      if (wait.left()) {
        throw client.gone();
      }
      if (e.code() == ErrorCode.HARDWARE_GUARD) {
        throw EngineProblems.of(e, "");
      }
      boolean impatient = e.code() == ErrorCode.CANCELLED && wait.cancelled();
      throw impatient ? wait.problem() : cannotLoad(name, e);
    }
  }

  private static Problem cannotLoad(String name, SoleboxException error) {
    boolean passes = error.code() == ErrorCode.OUT_OF_MEMORY || error.code() == ErrorCode.CANCELLED;
    int status = passes ? 503 : 500;
    String message = "The model '%s' could not be loaded: %s".formatted(name, error.explanation());
    return Problem.of(status, error.code().wireName(), message).withParam("model");
  }

  /** As {@link Models#load}. */
  void load(String name) {
    try {
      host.load(name);
    } catch (SoleboxException e) {
      throw e.code() == ErrorCode.CLOSED ? Problem.draining() : cannotLoad(name, e);
    }
  }

  /** As {@link Models#unload}. */
  boolean unload(String name, Duration longest) throws InterruptedException {
    return host.unload(name, new LoadWait(name, longest, (_, _, _) -> {}));
  }
}
