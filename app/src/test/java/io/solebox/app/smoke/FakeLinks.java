package io.solebox.app.smoke;

import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.CopySample;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.engine.backend.trial.PeerFigures;
import io.solebox.engine.backend.trial.PeerPair;
import io.solebox.engine.backend.trial.ReduceResult;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Two cards that share a way up, and are let into each other's memory one way. */
final class FakeLinks implements LinkTrials {
  boolean isWrong;

  @Override
  public int size() {
    return 2;
  }

  @Override
  public List<Copy> copies() {
    return List.of(FakeTrials.UP);
  }

  @Override
  public List<CopyResult> copy(Copy copy, Duration time, Watch<CopySample> watch) {
    CopyResult half = new CopyResult(copy, time, 1 << 20, 6e9, 0, false);
    return List.of(half, half);
  }

  @Override
  public List<PeerPair> peers(Watch<PeerPair> watch) {
    List<PeerPair> pairs =
        List.of(
            new PeerPair(0, 1, new PeerPair.Direct.Measured(figures(11e9)), figures(5e9)),
            new PeerPair(
                1, 0, new PeerPair.Direct.Refused("What arrives is not sent."), figures(5e9)));
    pairs.forEach(watch.samples());
    return pairs;
  }

  private static PeerFigures figures(double bytes) {
    return new PeerFigures(bytes, 0.8 * bytes, 8e-6);
  }

  @Override
  public Optional<ReduceResult> allReduce(
      List<Integer> members, long bytes, BooleanSupplier stopped) {
    if (isWrong) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE, "", "A sum came out as 3 instead of 2.", "Report it.");
    }
    return Optional.of(new ReduceResult(members, bytes, 2e-5 + bytes / 4e9, "through the host"));
  }

  @Override
  public List<String> notes() {
    return List.of("cuda:1 is not let into the memory of cuda:0.");
  }
}
