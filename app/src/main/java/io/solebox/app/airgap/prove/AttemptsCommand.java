package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.airgap.AirGapWish;
import io.solebox.app.airgap.Installation;
import io.solebox.app.airgap.filter.Architecture;
import io.solebox.app.airgap.kernel.Kernel;
import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The process that tries: what {@link ProveCommand} starts, and nobody else. */
@Command(name = AttemptsCommand.NAME, hidden = true, description = "Try every way out.")
final class AttemptsCommand implements Callable<Integer> {
  static final String NAME = "attempts";
  static final String OPEN = "--open";
  static final String LEAVING = "--leaving";

  private final Console console;

  @Option(names = OPEN, description = "Without a gap.")
  private boolean open;

  @Option(names = LEAVING, description = "Also what would leave this machine.")
  private boolean leaving;

  @Parameters(description = "What there is to be reached.")
  private List<String> grounds = List.of();

  AttemptsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    try (ExecutorService early = Executors.newSingleThreadExecutor()) {
      early.submit(Thread::onSpinWait).get(); // so that the thread is there before the gap
      AirGap gap = Installation.of(open ? AirGapWish.NONE : AirGapWish.REQUIRED);
      Kernel kernel = Kernel.of(Architecture.ofSystem().orElseThrow());
      for (Attempt attempt : AllAttempts.of(Grounds.of(grounds), kernel, early)) {
        Answer answer =
            attempt.leaves() && !leaving
                ? new Answer.NotTried("it would leave this machine")
                : attempt.answer();
        tell(attempt, answer);
      }
      tell(gap);
    }
    return 0;
  }

  private void tell(Attempt attempt, Answer answer) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", attempt.id());
    line.put("what", attempt.what());
    line.put("outcome", answer.word());
    line.put("said", answer.said());
    console.println(Json.text(line));
  }

  private void tell(AirGap gap) throws IOException {
    if (gap instanceof AirGap.Closed closed) {
      console.println(Json.text(Facts.ofWall(closed)));
    }
  }
}
