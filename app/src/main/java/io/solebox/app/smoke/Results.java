package io.solebox.app.smoke;

import io.solebox.engine.backend.trial.BurnResult;
import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.PeerFigures;
import io.solebox.engine.backend.trial.PeerPair;
import io.solebox.engine.backend.trial.WalkResult;
import io.solebox.engine.backend.trial.WrongElement;
import io.solebox.engine.backend.trial.WrongWord;
import io.solebox.hardware.smoke.BurnFacts;
import io.solebox.hardware.smoke.CopyFacts;
import io.solebox.hardware.smoke.MemoryFacts;
import io.solebox.hardware.smoke.PeerFacts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** Results of trials as facts to be judged. */
final class Results {
  private Results() {}

  /**
   * @param speed operations a second without the first seconds
   */
  static BurnFacts burn(BurnResult result, double speed) {
    return new BurnFacts(
        result.burn().numbers().wireName()
            + "_"
            + result.burn().unit().name().toLowerCase(Locale.ROOT),
        result.burn().label(),
        speed,
        result.checked(),
        result.wrong(),
        result.firstWrong().map(Results::words));
  }

  private static String words(WrongElement wrong) {
    return "in pass %d, row %d, column %d, computed by multiprocessor %d: %s, and it must be %s"
        .formatted(
            wrong.pass(),
            wrong.row(),
            wrong.column(),
            wrong.unit(),
            wrong.found(),
            wrong.expected());
  }

  /**
   * @param reads measured after the walk, where it was not stopped
   */
  static MemoryFacts walk(WalkResult result, Supplier<OptionalDouble> reads) {
    return new MemoryFacts(
        result.testedBytes(),
        result.untestedBytes(),
        result.bytesPerSecond() > 0
            ? OptionalDouble.of(result.bytesPerSecond())
            : OptionalDouble.empty(),
        result.wrongWords(),
        result.first().stream().map(Results::words).toList(),
        result.stopped() ? OptionalDouble.empty() : reads.get());
  }

  private static String words(WrongWord wrong) {
    return "At 0x%x (0x%x from the beginning), %s: 0x%08x was read, and 0x%08x written."
        .formatted(
            wrong.address(), wrong.offset(), wrong.pattern(), wrong.found(), wrong.expected());
  }

  static CopyFacts copy(CopyResult result) {
    return new CopyFacts(
        result.copy().direction().wireName(),
        result.copy().label(),
        result.copy().memory() == Copy.HostMemory.PINNED,
        result.bytesPerSecond(),
        result.wrongBytes());
  }

  /**
   * @param devices names by places
   */
  static PeerFacts peer(PeerPair pair, List<String> devices) {
    Optional<PeerFacts.Speeds> direct =
        switch (pair.direct()) {
          case PeerPair.Direct.Measured(var figures) -> Optional.of(speeds(figures));
          case PeerPair.Direct.Refused _ -> Optional.empty();
        };
    String refused =
        switch (pair.direct()) {
          case PeerPair.Direct.Measured _ -> "";
          case PeerPair.Direct.Refused(var reason) -> reason;
        };
    return new PeerFacts(
        devices.get(pair.from()),
        devices.get(pair.to()),
        direct,
        refused,
        speeds(pair.throughHost()));
  }

  private static PeerFacts.Speeds speeds(PeerFigures figures) {
    return new PeerFacts.Speeds(
        figures.bytesPerSecond(), figures.bytesPerSecondBothWays(), figures.latencySeconds());
  }
}
