package io.solebox.hardware.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Source.Answer;
import io.solebox.hardware.telemetry.SourceState.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** A sampler waits for no sensor, and says of each value how old it is and why it is none. */
class SamplerTest {
  private static final SamplerPace PACE =
      new SamplerPace(
          Duration.ofMillis(5), Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1));

  /** One that says what it is told, once each time. */
  private static final class Scripted implements Source {
    final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    final CountDownLatch closed = new CountDownLatch(1);
    private final String name;
    private final Duration deadline;

    Scripted(String name, Duration deadline) {
      this.name = name;
      this.deadline = deadline;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Duration deadline() {
      return deadline;
    }

    /** Longer than any machine that runs this is busy with something else. */
    @Override
    public Duration tooOld() {
      return Duration.ofHours(1);
    }

    @Override
    public Answer read() throws InterruptedException {
      return answers.take();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static DeviceReading zone(Measured celsius) {
    return new DeviceReading(Kind.THERMAL_ZONE, "zone", "cpu", Map.of(Metric.CELSIUS, celsius));
  }

  private static Answer readings(Measured... celsius) {
    return new Answer.Readings(List.of(celsius).stream().map(SamplerTest::zone).toList());
  }

  /** A lane, and what it has after one more answer. */
  private static final class Asked {
    final Scripted source = new Scripted("zone", Duration.ofHours(1));
    final Semaphore news = new Semaphore(0);
    final Lane lane = new Lane(source, news::release);

    Asked hears(Answer answer) throws InterruptedException {
      source.answers.add(answer);
      lane.ask(System.nanoTime());
      news.acquire();
      return this;
    }

    List<Measured> later(Duration since) {
      long nanos = System.nanoTime() + since.toNanos();
      return lane.readings(nanos).stream().map(each -> each.measured(Metric.CELSIUS)).toList();
    }
  }

  private static long age(Measured measured, double value) {
    Measured.Value its = assertInstanceOf(Measured.Value.class, measured);
    assertEquals(value, its.value());
    return its.ageMillis();
  }

  private static String why(Measured measured) {
    return assertInstanceOf(Measured.Missing.class, measured).why();
  }

  @Test
  void aValueAgesAndIsNoneInTheEnd() throws Exception {
    Asked asked = new Asked().hears(readings(Measured.now(40)));
    long age = age(asked.later(Duration.ofMinutes(30)).getFirst(), 40);
    assertTrue(age >= 1_800_000, "" + age);
    assertInstanceOf(Measured.Missing.class, asked.later(Duration.ofMinutes(61)).getFirst());
    asked.lane.close();
  }

  @Test
  void carriesWhatWasSaidOverWhatIsNotSaid() throws Exception {
    Asked asked = new Asked().hears(readings(Measured.now(40)));
    asked.hears(readings(Measured.missing("Input/output error")));
    age(asked.later(Duration.ofMinutes(30)).getFirst(), 40);
    Measured.Missing none =
        assertInstanceOf(Measured.Missing.class, asked.later(Duration.ofMinutes(61)).getFirst());
    assertTrue(none.why().startsWith("Input/output error; its last value is 36"), none.why());

    asked.hears(readings(Measured.now(41)));
    assertTrue(age(asked.later(Duration.ZERO).getFirst(), 41) < 1_800_000);
    asked.lane.close();
  }

  @Test
  void aDeviceThatVanishesIsToldAsOneThatDid() throws Exception {
    Asked asked = new Asked().hears(readings(Measured.now(40))).hears(readings());
    assertTrue(
        why(asked.later(Duration.ofMinutes(61)).getFirst())
            .startsWith("it is there no more; its last value is 36"));
    asked.hears(new Answer.Silence("no driver"));
    assertTrue(
        why(asked.later(Duration.ofMinutes(61)).getFirst())
            .startsWith("no driver; its last value is 36"));
    assertEquals(State.SILENT, asked.lane.state(System.nanoTime()).state());
    asked.lane.close();
  }

  /** A value that its source knows to be old is as old as that. */
  @Test
  void addsToTheAgeThatASourceKnows() throws Exception {
    Asked asked = new Asked().hears(readings(new Measured.Value(40, 2_400_000)));
    assertTrue(age(asked.later(Duration.ofMinutes(1)).getFirst(), 40) >= 2_460_000);
    assertInstanceOf(Measured.Missing.class, asked.later(Duration.ofMinutes(21)).getFirst());
    asked.lane.close();
  }

  @Test
  void waitsForNoDeadSensorAndFindsNewOnes() throws Exception {
    Scripted dead = new Scripted("dead", Duration.ofNanos(1));
    Scripted well = new Scripted("well", Duration.ofHours(1));
    well.answers.add(readings(Measured.now(40)));
    BlockingQueue<List<Source>> found = new LinkedBlockingQueue<>();
    found.add(List.of(dead));
    Scripted again = new Scripted("well", Duration.ofHours(1));
    found.add(List.of(dead, well));
    found.add(List.of(dead, again));

    PollingSampler sampler =
        PollingSampler.start(() -> found.isEmpty() ? List.of(dead) : found.remove(), PACE);
    try (sampler) {
      assertEquals("dead", sampler.latest().sources().getFirst().name());
      CountDownLatch heard = new CountDownLatch(1);
      sampler.subscribe(
          snapshot -> {
            if (!snapshot.devices().isEmpty()) {
              heard.countDown();
            }
          });
      heard.await();
      again.closed.await();
      Snapshot snapshot = sampler.latest();
      assertEquals(
          List.of(State.LATE, State.ANSWERS),
          snapshot.sources().stream()
              .map(SourceState::state)
              .map(state -> state == State.ASKED ? State.ANSWERS : state)
              .toList());
      assertEquals(
          40,
          snapshot
              .device(Kind.THERMAL_ZONE, "zone")
              .orElseThrow()
              .value(Metric.CELSIUS)
              .orElseThrow());
    }
    assertEquals(0, well.closed.getCount());
    assertEquals(0, dead.closed.getCount());
  }

  /** The kernel numbers chips anew when their driver is loaded again. */
  @Test
  void aSourceThatIsFoundElsewhereTakesThePlaceOfOneThatIsSilent() throws Exception {
    Asked asked = new Asked().hears(readings(Measured.now(40)));
    Scripted elsewhere = new Scripted("zone", Duration.ofHours(1));
    assertFalse(asked.lane.follow(elsewhere), "one that answers stays");
    asked.hears(new Answer.Silence("the chip has no sensors"));
    assertTrue(asked.lane.follow(elsewhere));
    asked.source.closed.await();
    elsewhere.answers.add(readings(Measured.now(41)));
    asked.lane.ask(System.nanoTime());
    asked.news.acquire();
    age(asked.later(Duration.ZERO).getFirst(), 41);
    asked.lane.close();
  }

  @Test
  void ourOwnMistakesAreToldAsWell() throws Exception {
    Asked asked = new Asked();
    Source wrong =
        new Source() {
          @Override
          public String name() {
            return "wrong";
          }

          @Override
          public Answer read() {
            throw new IllegalStateException("a bug");
          }
        };
    Semaphore news = new Semaphore(0);
    Lane lane = new Lane(wrong, news::release);
    lane.ask(System.nanoTime());
    news.acquire();
    assertTrue(lane.state(System.nanoTime()).why().contains("a bug"));
    lane.close();
    asked.lane.close();
  }
}
