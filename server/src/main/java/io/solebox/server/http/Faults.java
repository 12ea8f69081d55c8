package io.solebox.server.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.UUID;
import java.util.stream.Collectors;

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
        log.print("Internal error " + incident + ":\n" + trace(error));
        yield Problem.internal(incident);
      }
    };
  }

  /** Indented, so that no words of a client in it look like a line of this log's own. */
  private static String trace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString()
        .lines()
        .map(line -> "    " + Printable.text(line) + "\n")
        .collect(Collectors.joining());
  }
}
