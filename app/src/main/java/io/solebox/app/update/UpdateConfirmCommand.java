package io.solebox.app.update;

import io.solebox.app.update.slot.SlotState;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lets the system that runs count. */
@Command(
    name = "confirm",
    description =
        "Let the system that runs count: it is started from now on. With --healthy only if its"
            + " server answers that it is well. Takes root.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpdateConfirmCommand implements Callable<Integer> {
  private static final int LONGEST_SECONDS = 3600;

  private final Updates updates;

  @Spec private CommandSpec spec;

  @Option(
      names = "--healthy",
      paramLabel = "PORT",
      description = "Where on this machine the server listens, encrypted, that must be well.")
  private Optional<Integer> healthy;

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "So long it has to become so. Default: ${DEFAULT-VALUE}.")
  private int within;

  UpdateConfirmCommand(Updates updates) {
    this.updates = updates;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (within < 1 || within > LONGEST_SECONDS) {
      throw new ParameterException(
          spec.commandLine(), "--within must be from 1 to " + LONGEST_SECONDS + " seconds");
    }
    if (updates.status().running().state() == SlotState.CONFIRMED) {
      updates.console().println("The system that runs has proved itself already.");
      return 0;
    }
    if (healthy.isPresent()) {
      requireHealthy(new HealthQuestion(healthy.get()));
    }
    updates.updater().confirm();
    updates.console().println("The system that runs counts from now on.");
    return 0;
  }

  private void requireHealthy(HealthQuestion question) throws InterruptedException {
    Optional<String> trouble = question.untilWell(Duration.ofSeconds(within));
    if (trouble.isPresent()) {
      throw new SoleboxException(
          ErrorCode.BAD_UPDATE,
          "port " + question.port(),
          "the server is not well after %d seconds: %s".formatted(within, trouble.get()),
          "Restart: after three starts without a proof the system before comes back. Or look at"
              + " 'journalctl -u solebox'.");
    }
  }
}
