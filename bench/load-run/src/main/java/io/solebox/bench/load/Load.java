package io.solebox.bench.load;

import io.solebox.bench.load.Client.LeftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Starts a server, asks it for everything it has from many connections at once, misbehaves, and
 * looks into it between: nothing may grow.
 */
public final class Load {
  private static final long SAMPLE_MILLIS = 1000;

  /** What clients do when nothing came to an end in time; past a client's own patience. */
  private static final Duration JOIN = Connection.MOST.plusSeconds(30);

  private final Options options;
  private final Tally tally = new Tally();
  private final List<Report.Sample> samples = new CopyOnWriteArrayList<>();
  private final long begin = System.nanoTime();

  private Load(Options options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (List.of(arguments).contains("--help")) {
      System.out.println(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("bench/load: " + e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    Report report = run(options);
    System.out.println(report.text());
    System.exit(report.passed() ? 0 : 1);
  }

  /** The whole run, from the start of the server to its end. */
  static Report run(Options options) throws IOException, InterruptedException {
    return new Load(options).run();
  }

  private Report run() throws IOException, InterruptedException {
    Path out = options.out().toAbsolutePath();
    Files.createDirectories(out);
    List<Vitals> vitals = new ArrayList<>();
    int exitCode;
    try (Server server =
        Server.start(options.solebox(), options.guide(), out, options.parallel())) {
      try (Probe probe = Probe.of(server, out.resolve("state"), tally)) {
        vitals.addAll(legs(server, probe));
      }
      if (!server.isAlive()) {
        tally.fault("the server has ended");
      }
      exitCode = server.stop();
    }
    if (exitCode != 0) {
      tally.fault("the server ended with " + exitCode);
    }
    Report report = new Report(options, tally, vitals, samples);
    report.write(out);
    return report;
  }

  /** What was seen of the server after the warm-up, and after each part of the load. */
  private List<Vitals> legs(Server server, Probe probe) throws IOException, InterruptedException {
    List<Vitals> vitals = new ArrayList<>();
    probe.awaitReady();
    Thread sampler = Thread.ofPlatform().daemon().start(() -> sample(probe));
    leg(server, 0, options.warmUp());
    vitals.add(look(probe, "after the warm-up"));
    for (int i = 1; i <= options.legs(); i++) {
      leg(server, i, options.length().dividedBy(options.legs()));
      vitals.add(look(probe, i == options.legs() ? "at the end" : i + " of " + options.legs()));
    }
    sampler.interrupt();
    sampler.join();
    return vitals;
  }

  private double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  private Vitals look(Probe probe, String name) throws IOException, InterruptedException {
    Vitals seen = probe.settled(name, seconds());
    System.err.println(Report.line(seen));
    return seen;
  }

  private void sample(Probe probe) {
    try {
      while (true) {
        samples.add(new Report.Sample(seconds(), probe.residentBytes()));
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (InterruptedException | IOException e) {
      // The run is over, or the server; that is noticed elsewhere.
    }
  }

  private void leg(Server server, int leg, Duration length) throws InterruptedException {
    long end = System.nanoTime() + length.toNanos();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < options.connections(); i++) {
      var random = new Random(options.seed() * 1_000_003 + leg * 1009L + i);
      clients.add(Thread.ofVirtual().start(() -> work(server, random, end)));
    }
    long last = end + JOIN.toNanos();
    int hanging = 0;
    for (Thread client : clients) {
      if (!client.join(Duration.ofNanos(Math.max(1, last - System.nanoTime())))) {
        hanging++;
      }
    }
    if (hanging > 0) {
      tally.fault(hanging + " clients hang");
    }
  }

  private void work(Server server, Random random, long end) {
    List<Scenario> scenarios = new ArrayList<>(Asks.all());
    scenarios.addAll(Keeps.all());
    try (var client = new Client(server.port(), tally, random)) {
      while (System.nanoTime() < end) {
        try {
          scenarios.get(random.nextInt(scenarios.size())).run(client);
        } catch (LeftException | IOException e) {
          client.reconnect(); // told to the tally already, and no reason to stop
        }
        pause(random, end);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Longer and shorter ones, up to twice the mean. */
  private void pause(Random random, long end) throws InterruptedException {
    double millis = 2 * options.pause().toMillis() * random.nextDouble();
    double left = (end - System.nanoTime()) / 1e6;
    Thread.sleep((long) Math.max(0, Math.min(millis, left)));
  }
}
