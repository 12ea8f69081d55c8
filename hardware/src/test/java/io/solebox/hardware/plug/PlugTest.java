package io.solebox.hardware.plug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.plug.FakePlug.Answer;
import io.solebox.hardware.plug.FakePlug.Asked;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plugs as they are documented, and what they say as it was recorded. */
@Timeout(60)
class PlugTest {
  private static final String SHELLY_STATUS =
      """
      {"id":1,"src":"shellyplusplugs-a0b1","result":{"id":0,"source":"init","output":%s,
       "apower":412.5,"voltage":231.2,"current":1.81,
       "aenergy":{"total":2500.0,"by_minute":[0,1,2],"minute_ts":1},"temperature":{"tC":41.2}}}
      """;

  private boolean on = true;
  private int limit;

  private static <T> T yes(Said<T> said) {
    return assertInstanceOf(Said.Yes.class, said, said::toString).value() instanceof Object value
        ? cast(value)
        : null;
  }

  @SuppressWarnings("unchecked")
  private static <T> T cast(Object value) {
    return (T) value;
  }

  private static String no(Said<?> said) {
    return ((Said.No<?>) assertInstanceOf(Said.No.class, said)).why();
  }

  private Answer shelly(Asked asked) {
    if (asked.body().contains("Switch.SetConfig")) {
      limit = 1600;
    } else if (asked.body().contains("Switch.Set")) {
      on = asked.body().contains("\"on\":true");
      return Answer.ok("{\"id\":1,\"result\":{\"was_on\":true}}");
    } else if (asked.body().contains("Switch.GetConfig")) {
      return Answer.ok("{\"id\":1,\"result\":{\"id\":0,\"power_limit\":%d}}".formatted(limit));
    }
    return Answer.ok(SHELLY_STATUS.formatted(on));
  }

  @Test
  void aShellyIsReadSwitchedAndToldWhenToTrip() throws IOException {
    try (FakePlug fake = new FakePlug(this::shelly)) {
      Plug plug = new ShellyPlug(fake.address(), 0, Optional.empty());
      PlugReading reading = yes(plug.read());
      assertEquals(
          new PlugReading(
              true,
              OptionalDouble.of(412.5),
              OptionalDouble.of(231.2),
              OptionalDouble.of(1.81),
              OptionalDouble.of(9_000_000)),
          reading);
      assertEquals("POST /rpc", fake.asked.getFirst().line());
      PlugReading off = yes(plug.switchTo(false));
      assertFalse(off.on());
      yes(plug.switchOffIn(Duration.ofSeconds(90)));
      assertTrue(
          fake.asked.stream()
              .anyMatch(each -> each.body().contains("\"on\":true,\"toggle_after\":90.0")));
      yes(plug.tripAt(1600));
    }
  }

  @Test
  void aRelayWithoutAMeterIsNotZeroWatts() throws IOException {
    try (FakePlug fake =
        new FakePlug(_ -> Answer.ok("{\"id\":1,\"result\":{\"id\":0,\"output\":true}}"))) {
      Plug plug = new ShellyPlug(fake.address(), 0, Optional.empty());
      PlugReading reading = yes(plug.read());
      assertEquals(OptionalDouble.empty(), reading.watts());
      var devices = ((Source.Answer.Readings) new PlugSource(plug).read()).devices();
      assertEquals(OptionalDouble.empty(), devices.getFirst().value(Metric.POWER_WATTS));
      assertTrue(devices.getFirst().measured(Metric.POWER_WATTS).toString().contains("no meter"));
    }
  }

  /** The example of RFC 7616, section 3.9.1. */
  @Test
  void answersAChallengeAsItsStandardShows() {
    String challenge =
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256,"
            + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
            + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    String answer =
        Digest.of(challenge)
            .orElseThrow()
            .answer(
                "Mufasa",
                "Circle of Life",
                "GET",
                "/dir/index.html",
                1,
                "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
    assertTrue(
        answer.contains(
            "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""),
        answer);
    assertEquals(Optional.empty(), Digest.of("Basic realm=\"x\""));
    assertEquals(Optional.empty(), Digest.of(challenge.replace("SHA-256", "MD5")));
  }

  @Test
  void aPasswordIsGivenByDigestAlone() throws IOException {
    String challenge =
        "Digest qop=\"auth\", realm=\"shellyplusplugs-a0b1\", nonce=\"60dc2c6f\","
            + " algorithm=SHA-256";
    try (FakePlug fake =
        new FakePlug(
            asked ->
                asked.authorization().contains("username=\"admin\", realm=\"shellyplusplugs-a0b1\"")
                    ? shelly(asked)
                    : new Answer(401, "", challenge))) {
      yes(new ShellyPlug(fake.address(), 0, Optional.of("secret")).read());
      assertFalse(fake.asked.toString().contains("secret"));
      assertEquals(
          "it wants a password, and none was given",
          no(new ShellyPlug(fake.address(), 0, Optional.empty()).read()));
    }
    try (FakePlug fake = new FakePlug(_ -> new Answer(401, "", challenge))) {
      assertEquals(
          "it does not take the password",
          no(new ShellyPlug(fake.address(), 0, Optional.of("wrong")).read()));
    }
  }

  private Answer tasmota(Asked asked, String status10, String status8) {
    String command =
        URLDecoder.decode(asked.line().replaceAll(".*cmnd=", ""), StandardCharsets.UTF_8);
    if (command.startsWith("Power1 ")) {
      on = command.endsWith("1");
    }
    return switch (command) {
      case "Status 10" -> Answer.ok(status10);
      case "Status 8" -> Answer.ok(status8);
      case "MaxPower 1600" -> Answer.ok("{\"MaxPower\":1600}");
      case String each when each.startsWith("Backlog") ->
          Answer.ok("{\"WARNING\":\"Enable weblog 2 if response expected\"}");
      default -> Answer.ok("{\"POWER\":\"%s\"}".formatted(on ? "ON" : "OFF"));
    };
  }

  @Test
  void aTasmotaIsReadInBothOfItsAnswers() throws IOException {
    String now =
        "{\"StatusSNS\":{\"Time\":\"2026-01-01T00:00:00\",\"ENERGY\":{\"Total\":3.5,\"Power\":412,"
            + "\"Factor\":0.98,\"Voltage\":230,\"Current\":1.8}}}";
    String old = "{\"StatusPWR\":{\"Total\":3.500,\"Power\":412,\"Voltage\":230,\"Current\":1.8}}";
    PlugReading expected =
        new PlugReading(
            true,
            OptionalDouble.of(412),
            OptionalDouble.of(230),
            OptionalDouble.of(1.8),
            OptionalDouble.of(3.5 * 3.6e6));
    try (FakePlug fake = new FakePlug(asked -> tasmota(asked, now, "{}"))) {
      Plug plug = new TasmotaPlug(fake.address(), 0, Optional.of("pass word"));
      assertEquals(expected, yes(plug.read()));
      assertTrue(fake.asked.getFirst().line().contains("user=admin&password=pass%20word&cmnd="));
      PlugReading off = yes(plug.switchTo(false));
      assertFalse(off.on());
      yes(plug.switchOffIn(Duration.ofSeconds(90)));
      assertTrue(
          fake.asked.stream().anyMatch(each -> each.line().contains("Backlog%20Delay%20900%3B")),
          fake.asked.toString());
      yes(plug.tripAt(1600));
      on = true;
    }
    try (FakePlug fake = new FakePlug(asked -> tasmota(asked, "{}", old))) {
      assertEquals(expected, yes(new TasmotaPlug(fake.address(), 0, Optional.empty()).read()));
    }
    try (FakePlug fake = new FakePlug(asked -> tasmota(asked, "{}", "{}"))) {
      PlugReading bare = yes(new TasmotaPlug(fake.address(), 0, Optional.empty()).read());
      assertEquals(OptionalDouble.empty(), bare.watts());
    }
  }

  @Test
  void aPlugThatDoesNotAnswerIsSilentWithTheReason() throws IOException {
    String address;
    try (FakePlug fake = new FakePlug(_ -> new Answer(500, "", ""))) {
      address = fake.address();
      assertEquals(
          "it answers with status 500", no(new ShellyPlug(address, 0, Optional.empty()).read()));
    }
    assertTrue(
        no(new TasmotaPlug(address, 0, Optional.empty()).read()).startsWith("it does not answer"));
  }

  @Test
  void aBoxThatAnswersKeepsItsPowerAndASilentOneDoesNot() throws IOException {
    try (FakePlug fake = new FakePlug(this::shelly)) {
      Plug plug = new ShellyPlug(fake.address(), 0, Optional.empty());
      URI address;
      try (FakePlug box = new FakePlug(_ -> new Answer(503, "", ""))) {
        address = URI.create("http://" + box.address());
        var alive = new SilentBox(address, _ -> {});
        assertTrue(no(new LastLine(plug, alive, Duration.ZERO).cut()).contains("stays on"));
        assertEquals("GET /health/live", box.asked.getFirst().line());
      }
      var mistyped = new SilentBox(URI.create("http://" + "x".repeat(64) + ".lan"), _ -> {});
      assertTrue(no(new LastLine(plug, mistyped, Duration.ZERO).cut()).contains("stays on"));
      assertTrue(on);
      var dead = new SilentBox(address, _ -> {});
      assertEquals(
          "the machine does not answer, and the plug is off",
          yes(new LastLine(plug, dead, Duration.ZERO).cut()));
      assertFalse(on);
    }
  }

  /** Counts what a machine and its plug are told, in order. */
  private record Told(List<String> words, Said<String> shutDown, boolean answers)
      implements LastLine.Machine {
    @Override
    public Said<String> shutDown() {
      words.add("shut down");
      return shutDown;
    }
  }

  @Test
  void aMachineLosesItsPowerOnlyOnceItWasToldOrIsSilent() throws IOException {
    try (FakePlug fake = new FakePlug(this::shelly)) {
      Plug plug = new ShellyPlug(fake.address(), 0, Optional.empty());
      Duration grace = Duration.ofSeconds(60);
      var deaf = new Told(new ArrayList<>(), new Said.No<>("not permitted"), true);
      assertEquals(
          "the plug stays on, since the machine was not told: not permitted",
          no(new LastLine(plug, deaf, grace).cut()));
      assertEquals(List.of(), fake.asked);

      var told = new Told(new ArrayList<>(), new Said.Yes<>("it shuts down"), true);
      assertEquals(
          "it shuts down, and the plug goes off in 60 seconds",
          yes(new LastLine(plug, told, grace).cut()));
      assertTrue(on, "it goes off by itself");
      assertTrue(fake.asked.getFirst().body().contains("\"toggle_after\":60.0"));

      var dead = new Told(new ArrayList<>(), new Said.No<>("it is gone"), false);
      yes(new LastLine(plug, dead, grace).cut());
      assertFalse(on);
    }
  }
}
