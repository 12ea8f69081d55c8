package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.engine.api.Engine;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How fast a device of this machine reads its memory: measured once, which takes a second, and then
 * remembered in {@code machine.json} of the data folder under what was found on the machine, so
 * that other hardware is measured anew. Whoever removes the file has it measured again.
 */
public final class MemorySpeed {
  private static final String FILE = "machine.json";

  private final Path file;

  public MemorySpeed(Environment environment) {
    this.file = environment.dataFolder().resolve(FILE);
  }

  /**
   * Bytes per second when everything only reads.
   *
   * @param engine on which no model computes now
   * @return empty where the device has no such measure or no room for it, and where several devices
   *     share the work
   */
  public OptionalDouble bytesPerSecond(Engine engine) {
    OptionalDouble known = known(engine);
    if (known.isPresent()) {
      return known;
    }
    OptionalDouble measured =
        engine.yardsticks().stream()
            .filter(y -> y.kind() == Yardstick.Kind.READ_BANDWIDTH)
            .findFirst()
            .map(y -> y.measure().get())
            .orElse(OptionalDouble.empty());
    measured.ifPresent(speed -> remember(engine, speed));
    return measured;
  }

  /** The same where it was measured before; measures nothing. */
  public OptionalDouble known(Engine engine) {
    return known(identity(engine));
  }

  /** The same for whoever asks again and again; the machine is asked once what it is. */
  public Supplier<OptionalDouble> knownOf(Engine engine) {
    return new Supplier<>() {
      private Optional<String> machine = Optional.empty();

      @Override
      public synchronized OptionalDouble get() {
        machine = machine.or(() -> Optional.of(identity(engine)));
        return known(machine.get());
      }
    };
  }

  private OptionalDouble known(String machine) {
    return read().get(machine) instanceof Number speed && speed.doubleValue() > 0
        ? OptionalDouble.of(speed.doubleValue())
        : OptionalDouble.empty();
  }

  /** Remembers what somebody else has measured. */
  public void remember(Engine engine, double bytesPerSecond) {
    remember(read(), identity(engine), bytesPerSecond);
  }

  private static String identity(Engine engine) {
    String found =
        Engine.devices().stream()
            .filter(f -> f.probe() instanceof Probe.Usable)
            .flatMap(f -> ((Probe.Usable) f.probe()).devices().stream())
            .map(d -> d.description())
            .distinct()
            .collect(Collectors.joining("; "));
    return engine.device() + " of " + found;
  }

  private Map<String, Object> read() {
    try {
      return new TreeMap<>(new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      return new TreeMap<>();
    } catch (IOException | SoleboxException _) {
      return new TreeMap<>(); // a memory and no data: what cannot be read is measured again
    }
  }

  private void remember(Map<String, Object> known, String machine, double speed) {
    known.put(machine, speed);
    try {
      Files.createDirectories(file.getParent());
      Path fresh = Files.createTempFile(file.getParent(), FILE, ".new");
      Files.write(fresh, new JsonWriter().bytes(known));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException _) {
      // Where nothing can be written, the next command measures again.
    }
  }
}
