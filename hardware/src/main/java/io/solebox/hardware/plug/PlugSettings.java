package io.solebox.hardware.plug;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The plug before the box, as its owner says it.
 *
 * @param kind what it speaks
 * @param address host, with a port where it is not 80
 * @param channel of several relays, from 0
 * @param passwordFile whose first line is the password; empty where none was set
 * @param tripWatts at which it is to switch off by itself
 * @param shutDown the command that tells this machine to shut down
 * @param grace from that until the plug goes off
 */
public record PlugSettings(
    Kind kind,
    String address,
    int channel,
    Optional<Path> passwordFile,
    OptionalInt tripWatts,
    List<String> shutDown,
    Duration grace) {
  /** What plugs speak. */
  public enum Kind {
    SHELLY,
    TASMOTA
  }

  public PlugSettings {
    shutDown = List.copyOf(shutDown);
  }

  /** The plug; nothing is asked of it yet. */
  public Plug.Said<Plug> plug() {
    Optional<String> password = Optional.empty();
    if (passwordFile.isPresent()) {
      try (Stream<String> lines = Files.lines(passwordFile.get())) {
        password = lines.findFirst();
      } catch (IOException | UncheckedIOException e) {
        return new Plug.Said.No<>(passwordFile.get() + " cannot be read: " + e.getMessage());
      }
    }
    return new Plug.Said.Yes<>(
        switch (kind) {
          case SHELLY -> new ShellyPlug(address, channel, password);
          case TASMOTA -> new TasmotaPlug(address, channel, password);
        });
  }
}
