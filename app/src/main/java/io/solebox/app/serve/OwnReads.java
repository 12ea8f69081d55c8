package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.app.session.MeasuredFile;
import io.solebox.app.session.MeasuredMachine;
import io.solebox.app.session.MemorySpeed;
import io.solebox.engine.api.Engine;
import io.solebox.engine.backend.KvType;
import io.solebox.planner.measured.Measurement;
import io.solebox.server.models.MemoryReads;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** What this machine was measured to read, as it is remembered now. */
final class OwnReads implements MemoryReads {
  private final Supplier<OptionalDouble> memory;
  private final MeasuredFile file;
  private final Optional<String> device;
  private final KvType kvType;

  /**
   * @param engine that loads the models
   * @param kvType with which it does
   */
  OwnReads(Environment environment, Engine engine, KvType kvType) {
    this.memory = new MemorySpeed(environment).knownOf(engine);
    this.file = new MeasuredFile(environment);
    this.device = MeasuredMachine.device(engine);
    this.kvType = kvType;
  }

  @Override
  public OptionalDouble ofMemory() {
    return memory.get();
  }

  @Override
  public Optional<Seen> ofDecode(String model, String format) {
    return device
        .flatMap(name -> file.read().measurements().decode(name, model, format, kvType))
        .map(OwnReads::seen);
  }

  private static Seen seen(Measurement measured) {
    return new Seen(measured.weights().middle(), measured.origin().words());
  }
}
