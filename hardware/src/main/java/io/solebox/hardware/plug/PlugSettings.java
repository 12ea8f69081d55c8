package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The plug before the box, as its owner says it.
 *
 * @param kind what it speaks
 * @param address host, with a port where it is not the usual one; through a broker that of the
 *     broker, and the plug's topic behind a slash
 * @param channel of several relays, from 0
 * @param user of a broker
 * @param passwordFile whose first line is the password; empty where none was set
 * @param tripWatts at which it is to switch off by itself
 * @param shutDown the command that tells this machine to shut down
 * @param grace from that until the plug goes off
 */
public record PlugSettings(
    Kind kind,
    String address,
    int channel,
    Optional<String> user,
    Optional<Path> passwordFile,
    OptionalInt tripWatts,
    List<String> shutDown,
    Duration grace) {
  private static final int MQTT_PORT = 1883;

  /** What plugs speak. */
  public enum Kind {
    SHELLY,
    TASMOTA,
    /** Through a broker. */
    SHELLY_MQTT,
    /** Through a broker. */
    TASMOTA_MQTT;

    /** As settings write it: {@code shelly-mqtt}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean needsTopic() {
      return this == SHELLY_MQTT || this == TASMOTA_MQTT;
    }
  }

  public PlugSettings {
    shutDown = List.copyOf(shutDown);
  }

  private String topic() {
    return address.substring(address.indexOf('/') + 1);
  }

  private MqttLink link(Optional<String> password) {
    URI broker = URI.create("mqtt://" + address.substring(0, address.indexOf('/')));
    int port = broker.getPort() < 0 ? MQTT_PORT : broker.getPort();
    return new MqttLink(broker.getHost(), port, user, password);
  }

  /** The plug; nothing is asked of it yet. */
  public Said<Plug> plug() {
    Optional<String> password = Optional.empty();
    if (passwordFile.isPresent()) {
      try (Stream<String> lines = Files.lines(passwordFile.get())) {
        password = lines.findFirst();
      } catch (IOException | UncheckedIOException e) {
        return new Said.No<>(passwordFile.get() + " cannot be read: " + e.getMessage());
      }
    }
    return new Said.Yes<>(
        switch (kind) {
          case SHELLY -> new ShellyPlug(address, channel, password);
          case TASMOTA -> new TasmotaPlug(address, channel, password);
          case SHELLY_MQTT -> new ShellyPlug(new Wire.ShellyMqtt(link(password), topic()), channel);
          case TASMOTA_MQTT ->
              new TasmotaPlug(new Wire.TasmotaMqtt(link(password), topic()), channel);
        });
  }
}
