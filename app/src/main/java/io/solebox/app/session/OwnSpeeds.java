package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.Engine;
import io.solebox.engine.backend.KvType;
import io.solebox.planner.measured.Measurements.Decoded;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * How fast this machine answers, by what was measured of it and is remembered now: lists of models
 * ask it, those of commands and of servers.
 */
public final class OwnSpeeds {
  private final Supplier<OptionalDouble> memory;
  private final MeasuredFile file;
  private final Optional<String> device;
  private final KvType kvType;

  /**
   * @param engine that loads the models
   * @param kvType with which it does
   */
  public OwnSpeeds(Environment environment, Engine engine, KvType kvType) {
    this.memory = new MemorySpeed(environment).knownOf(engine);
    this.file = new MeasuredFile(environment);
    this.device = MeasuredMachine.device(engine);
    this.kvType = kvType;
  }

  /** Bytes a second when everything only reads. */
  public OptionalDouble ofMemory() {
    return memory.get();
  }

  /**
   * By what decode was seen to do.
   *
   * @param model its own name
   * @param format its main one
   */
  public Optional<Decoded> ofDecode(String model, String format, Decoding reads) {
    return device.flatMap(
        name -> file.read().measurements().decode(name, model, format, reads, kvType));
  }

  /** By decode, or else by what the memory gives; tokens a second. */
  OptionalDouble of(String model, String format, Decoding reads) {
    return ofDecode(model, format, reads)
        .map(known -> OptionalDouble.of(known.tokensPerSecond()))
        .orElseGet(() -> ofMemory().stream().map(reads::tokensPerSecond).findFirst());
  }
}
