package io.solebox.hardware.plug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.plug.FakeBroker.Message;
import io.solebox.hardware.settings.HardwareSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugs through a broker, named as settings name them. */
@Timeout(60)
class MqttPlugTest {
  private static final Pattern SOURCE = Pattern.compile("\"src\":\"([^\"]+)\"");

  @TempDir private Path folder;

  private Plug plug(String kind, int port, String topic) throws IOException {
    Path password = folder.resolve("password");
    Files.writeString(password, "secret\n");
    var said =
        HardwareSettings.of(
            Map.of(
                "plug", "%s:127.0.0.1:%d/%s".formatted(kind, port, topic),
                "plug.user", "box",
                "plug.password_file", password.toString()));
    var settings = assertInstanceOf(HardwareSettings.Result.Good.class, said, said::toString);
    var opened = settings.settings().plug().orElseThrow().plug();
    return ((Said.Yes<Plug>) opened).value();
  }

  private static PlugReading yes(Said<PlugReading> said) {
    assertInstanceOf(Said.Yes.class, said, said::toString);
    return ((Said.Yes<PlugReading>) said).value();
  }

  private static List<Message> shelly(Message asked) {
    Matcher source = SOURCE.matcher(asked.words());
    assertTrue(source.find() && asked.topic().equals("plugs/a0b1/rpc"), asked.toString());
    String answer =
        "{\"id\":1,\"src\":\"a0b1\",\"result\":{\"id\":0,\"output\":true,\"apower\":412.5}}";
    return List.of(
        new Message("plugs/a0b1/status/switch:0", "{}"),
        new Message(source.group(1) + "/rpc", answer));
  }

  @Test
  void aShellyAnswersWhereItWasAskedFrom() throws IOException {
    try (FakeBroker broker = new FakeBroker(MqttPlugTest::shelly)) {
      Plug plug = plug("shelly-mqtt", broker.port(), "plugs/a0b1");
      assertEquals(OptionalDouble.of(412.5), yes(plug.read()).watts());
      assertEquals("Shelly plugs/a0b1 at 127.0.0.1", plug.name());
      String greeting = broker.greetings.getFirst();
      assertTrue(greeting.contains("box") && greeting.endsWith("secret"));
    }
  }

  private static List<Message> tasmota(Message asked) {
    return switch (asked.topic()) {
      case "cmnd/tasmota_1/Power1" ->
          List.of(new Message("stat/tasmota_1/RESULT", "{\"POWER\":\"ON\"}"));
      case "cmnd/tasmota_1/Status" ->
          List.of(
              new Message(
                  "stat/tasmota_1/STATUS" + asked.words(),
                  "{\"StatusSNS\":{\"ENERGY\":{\"Power\":99,\"Total\":1}}}"));
      default -> List.of();
    };
  }

  @Test
  void aTasmotaAnswersAtItsOwnTopics() throws IOException {
    try (FakeBroker broker = new FakeBroker(MqttPlugTest::tasmota)) {
      Plug plug = plug("tasmota-mqtt", broker.port(), "tasmota_1");
      assertEquals(OptionalDouble.of(99), yes(plug.read()).watts());
      assertTrue(yes(plug.switchOffIn(Duration.ofSeconds(90))).on());
      assertTrue(
          broker.heard.contains(new Message("cmnd/tasmota_1/Backlog", "Delay 900; Power1 0")),
          broker.heard.toString());
    }
  }

  @Test
  void aBrokerThatIsNotThereIsSaid() throws IOException {
    try (Socket silent = new Socket()) { // so that nobody else listens there
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Plug plug = plug("tasmota-mqtt", silent.getLocalPort(), "tasmota_1");
      Said<PlugReading> said = plug.read();
      assertTrue(said.toString().contains("the broker does not answer"), said.toString());
    }
  }
}
