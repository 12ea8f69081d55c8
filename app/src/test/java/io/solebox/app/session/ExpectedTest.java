package io.solebox.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.Synthetic;
import io.solebox.app.console.Environment;
import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.Prospect;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.store.pull.Choice.Fit.Needs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of models says what a server of them says, on its pages and in its API. */
class ExpectedTest {
  private static final double SPEED = 1e9;

  @TempDir Path home;

  @Test
  void isWhatAServerSaysOfTheSameModel() throws Exception {
    Path file = Synthetic.model(home, "tiny", "Q8_0");
    LoadOptions options = LoadOptions.defaults();
    var offer = new Catalog.Offer("tiny", file, options);
    try (Engine engine = Engine.open("cpu", 1);
        var host =
            new ModelHost(engine, Catalog.of(List.of(offer)), LoadGate.OPEN, new LoadWatcher() {});
        LoadableModel model = engine.examine(file, options)) {
      Prospect prospect = host.prospect("tiny").orElseThrow();
      var environment =
          new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty());
      new MemorySpeed(environment).remember(engine, SPEED);
      var speeds = new OwnSpeeds(environment, engine, options.kvType());
      Expected expected = Expected.of(model, speeds);
      Needs needs = expected.needs().orElseThrow();
      assertEquals(prospect.neededBytes(), needs.neededBytes());
      assertEquals(prospect.fits(), needs.fits());
      assertEquals(
          prospect.decoding().orElseThrow().tokensPerSecond(SPEED),
          expected.tokensPerSecond().getAsDouble());
      assertTrue(expected.here().endsWith(" tok/s"), expected.here());

      // What decode was seen to do stands before what the memory gives.
      var read = new Range(SPEED, SPEED, Unit.BYTES_PER_SECOND, "measured");
      var info = model.info();
      var seen =
          new Measurement(
              Measurement.PROCESSOR,
              new Subject.Model(info.name(), info.format()),
              options.kvType(),
              MeasuredFile.now("solebox bench"),
              read,
              read,
              Optional.empty());
      assertEquals(Optional.empty(), new MeasuredFile(environment).remember(List.of(seen)));
      Decoding reads = model.decoding().orElseThrow();
      double measured = SPEED / (reads.weightBytes() + reads.keptBytes());
      assertEquals(
          measured, Expected.of(model, speeds).tokensPerSecond().getAsDouble(), measured / 1e6);
      assertEquals(
          measured,
          speeds.ofDecode(info.name(), info.format(), reads).orElseThrow().tokensPerSecond(),
          measured / 1e6);
    }
  }

  @Test
  void whatDoesNotFitSaysWhatItNeeds() {
    var none =
        new Expected(Optional.of(new Needs(9L << 30, 7L << 30, false)), OptionalDouble.empty());
    assertEquals("needs 9.00 GiB, 7.00 GiB free", none.here());
    assertEquals("unknown", Expected.UNKNOWN.here());
  }
}
