package io.solebox.server.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.PrintStream;
import java.util.UUID;

/**
 * Makes a problem of whatever went wrong. What is our fault goes to the log, its trace there alone.
 */
public final class Faults {
  private final PrintStream log;

  public Faults(PrintStream log) {
    this.log = log;
  }

  /**
   * @param promptParam the parameter that holds the prompt; empty where there is none
   */
  public Problem problem(Throwable error, String promptParam) {
    return problem(error, promptParam, UUID.randomUUID().toString().substring(0, 8));
  }

  /**
   * @param incident by which the log is to name what is our fault
   */
  Problem problem(Throwable error, String promptParam, String incident) {
    return switch (error) {
      case Problem known -> known;
      case SoleboxException known when known.code() != ErrorCode.INTERNAL_ERROR -> {
        Problem problem = EngineProblems.of(known, promptParam);
        if (problem.status() == 500) {
          log.println(known.describe());
        }
        yield problem;
      }
      default -> {
        synchronized (log) {
          log.println("Internal error " + incident + ":");
          error.printStackTrace(log);
        }
        yield Problem.internal(incident);
      }
    };
  }
}
