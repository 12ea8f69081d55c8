package io.solebox.bench.load;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Looks into the server: through /proc, its Java's management, and its metrics. Keeps one
 * connection to the management, so that it is in every count alike.
 */
final class Probe implements AutoCloseable {
  private static final int SETTLE_MILLIS = 100;
  private static final int SETTLE_TRIES = 300;

  /** Until the server has noticed that all clients are gone. */
  private static final int CONNECTIONS_MILLIS = 1500;

  /** What is freed behind a first collection is gone at the second. */
  private static final int CLEANERS_MILLIS = 500;

  private final Server server;
  private final Path state;
  private final Tally tally;
  private final JMXConnector management;

  private Probe(Server server, Path state, Tally tally, JMXConnector management) {
    this.server = server;
    this.state = state;
    this.tally = tally;
    this.management = management;
  }

  @SuppressWarnings("BanJNDI") // the other side is the server that this process has started
  static Probe of(Server server, Path state, Tally tally) throws IOException {
    try {
      VirtualMachine java = VirtualMachine.attach(Long.toString(server.pid()));
      try {
        var url = new JMXServiceURL(java.startLocalManagementAgent());
        return new Probe(server, state, tally, JMXConnectorFactory.connect(url));
      } finally {
        java.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("the server's Java cannot be looked into", e);
    }
  }

  /** VmRSS. */
  long residentBytes() throws IOException {
    return status("VmRSS:") * 1024;
  }

  private long status(String name) throws IOException {
    for (String line : Files.readAllLines(proc("status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc has no " + name);
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(server.pid()), name);
  }

  /** Waits until nothing runs any more, for at most half a minute, and measures. */
  Vitals settled(String name, double seconds) throws IOException, InterruptedException {
    int tries = 0;
    while (metric("solebox_running_answers") + metric("solebox_waiting_answers") > 0
        && tries++ < SETTLE_TRIES) {
      Thread.sleep(SETTLE_MILLIS);
    }
    long answers = metric("solebox_running_answers") + metric("solebox_waiting_answers");
    long blocks = metric("solebox_kv_blocks_used");
    Thread.sleep(CONNECTIONS_MILLIS);
    MBeanServerConnection beans = management.getMBeanServerConnection();
    MemoryMXBean memory =
        ManagementFactory.newPlatformMXBeanProxy(
            beans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    BufferPoolMXBean direct =
        ManagementFactory.newPlatformMXBeanProxy(
            beans, "java.nio:type=BufferPool,name=direct", BufferPoolMXBean.class);
    memory.gc();
    Thread.sleep(CLEANERS_MILLIS);
    memory.gc();
    return new Vitals(
        name,
        seconds,
        tally.whole() + tally.left(),
        memory.getHeapMemoryUsage().getUsed(),
        direct.getMemoryUsed(),
        residentBytes(),
        (int) status("Threads:"),
        descriptors(),
        blocks,
        answers,
        storeBytes());
  }

  private int descriptors() throws IOException {
    try (Stream<Path> open = Files.list(proc("fd"))) {
      return (int) open.count();
    }
  }

  private long storeBytes() throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      return files.filter(Files::isRegularFile).mapToLong(Probe::size).sum();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sum over all models. */
  private long metric(String name) throws IOException, InterruptedException {
    return get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Waits until all models are loaded. */
  void awaitReady() throws IOException, InterruptedException {
    int tries = 0;
    while (get("/v1/models").text().contains("\"state\":\"loading\"")) {
      if (tries++ > SETTLE_TRIES) {
        throw new IOException("the models are not loaded: " + get("/v1/models").shown());
      }
      Thread.sleep(SETTLE_MILLIS);
    }
  }

  private Answer get(String path) throws IOException, InterruptedException {
    try (var connection = new Connection(server.port(), Connection.Pace.FAST)) {
      byte[] request = Request.get(path).bytes();
      connection.send(request, request.length);
      return connection.read(Integer.MAX_VALUE);
    }
  }

  @Override
  public void close() throws IOException {
    management.close();
  }
}
