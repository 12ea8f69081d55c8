package io.solebox.app.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.session.Expected;
import io.solebox.engine.api.Decoding;
import io.solebox.store.pull.Choice.Fit.Needs;
import io.solebox.store.pull.name.Quantization;
import io.solebox.store.pull.source.RemoteFile;
import io.solebox.store.pull.source.Variant;
import io.solebox.store.pull.transfer.Identity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What is expected of files that nobody looked into. */
class OutlookTest {
  private static final Variant KNOWN = variant("Q4_K_M", 4_000);

  private static Variant variant(String label, long bytes) {
    var file = new RemoteFile(label + ".gguf", bytes, new Identity.GitBlob("0".repeat(40)));
    return new Variant(label, Quantization.parse(label), List.of(file));
  }

  private static Outlook outlook(Optional<Decoding> decoding, OptionalDouble speed) {
    var needs = new Needs(5_000, 7_000, true);
    var facts =
        new Facts("llama", 1, 0, true, Optional.of(needs), decoding, Optional.empty(), List.of());
    return new Outlook(KNOWN, Optional.of(facts), speed);
  }

  @Test
  void scalesWeightsAndNotWhatIsKeptOfTokens() {
    var outlook = outlook(Optional.of(new Decoding(2_000, 400)), OptionalDouble.of(3_000));
    assertEquals(1.0, outlook.of(KNOWN).tokensPerSecond().getAsDouble(), 1e-9);
    Expected smaller = outlook.of(variant("Q2_K", 2_000));
    assertEquals(3_000, smaller.needs().get().neededBytes());
    assertEquals(2_400.0 / 1_400, smaller.tokensPerSecond().getAsDouble(), 1e-9);
    assertEquals("about 1.7", smaller.speed());
  }

  @Test
  void promisesNoSpeedOfWhatDoesNotFit() {
    var outlook = outlook(Optional.of(new Decoding(2_000, 400)), OptionalDouble.of(3_000));
    Expected larger = outlook.of(variant("Q8_0", 8_000));
    assertEquals("does not fit", larger.fit());
    assertEquals("-", larger.speed());
  }

  @Test
  void saysNothingThatItDoesNotKnow() {
    var noSpeed = outlook(Optional.of(new Decoding(1, 1)), OptionalDouble.empty());
    var noAnswers = outlook(Optional.empty(), OptionalDouble.of(1));
    assertTrue(noSpeed.of(KNOWN).tokensPerSecond().isEmpty());
    assertTrue(noAnswers.of(KNOWN).tokensPerSecond().isEmpty());
    var unseen = new Outlook(KNOWN, Optional.empty(), OptionalDouble.of(1));
    assertEquals("unknown", unseen.of(KNOWN).fit());
  }

  @Test
  void roundsToTwoDigits() {
    assertEquals("about 120", new Expected(Optional.empty(), OptionalDouble.of(123.4)).speed());
    assertEquals("about 12", new Expected(Optional.empty(), OptionalDouble.of(12.4)).speed());
    assertEquals("about 0.3", new Expected(Optional.empty(), OptionalDouble.of(0.28)).speed());
  }
}
