package io.solebox.hardware.bundle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.box.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CollectorTest {
  private static final Path SCRIPT = Path.of("../scripts/collect.sh");

  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void build() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    FakeRoot.build(root);
  }

  private Box captured() throws IOException {
    Path file = folder.resolve("bundle.tar.gz");
    Bundles.write(Collector.capture(new FolderBox(root)).entries(), file);
    return Bundles.open(file);
  }

  @Test
  void nothingThatNamesTheMachineOrItsPeopleIsInIt() throws IOException {
    StringBuilder all = new StringBuilder();
    ((BundleBox) captured())
        .entries()
        .forEach((path, entry) -> all.append(path).append(said(entry)));
    String text = all.toString().toLowerCase(Locale.ROOT);
    for (String secret :
        List.of(
            "whale",
            "annabel",
            "carla",
            "red-fox",
            "corp.example",
            "8a2d0b1c",
            "deadbeef",
            "10.20.30.",
            "abcdef12",
            "3c:ec",
            "3c-ec",
            "fe80",
            "phlj",
            "25385",
            "a b 42",
            "0321418",
            "1563221",
            "0316a2796aff",
            "89abcdef",
            "secret",
            "serial0042",
            "\u00ab")) {
      assertFalse(text.contains(secret), secret + " in " + text);
    }
  }

  private static String said(Entry entry) {
    return switch (entry) {
      case Entry.Bytes(byte[] bytes) -> new String(bytes, ISO_8859_1);
      case Entry.Link(String target) -> target;
    };
  }

  @Test
  void whatChecksReadStaysAsItIs() throws IOException {
    Box box = captured();
    List<String> log = box.read("dmesg.txt").content().orElseThrow().lines();
    assertTrue(log.contains("[    0.0] Linux version 6.12.47 (build@host) #1 SMP"), log::toString);
    assertTrue(log.get(5).contains("127.0.0.1, version 92.00.45.00.03 and 580.95.05.1, 1.2.3.04."));
    assertTrue(log.get(6).contains("at 10:20:30, 0000:01:00.0: up"));
    assertEquals("no end of line", log.getLast());
    String smi = box.read("nvidia-smi-q.txt").content().orElseThrow().text();
    assertTrue(smi.contains("Serial Number : N/A"), smi);
    assertEquals(
        "psu.watts=1400\nhost.watts=60",
        box.read("etc/solebox/hardware.properties").word().orElseThrow());
    assertTrue(
        box.read("etc/modprobe.d/gpu.conf").word().orElseThrow().endsWith("blacklist nouveau"));
  }

  @Test
  void theSameThingHasTheSameStandIn() throws IOException {
    Box box = captured();
    String log = box.read("dmesg.txt").content().orElseThrow().text();
    String cmdline = box.read("proc/cmdline").word().orElseThrow();
    String uuid = log.replaceAll("(?s).*GPU UUID (\\S+).*", "$1");
    assertTrue(cmdline.startsWith("root=UUID=" + uuid), cmdline);
    assertTrue(cmdline.endsWith(":host1:eth0"), cmdline);
    assertTrue(log.contains("02:00:00:00:00:01") && log.contains("02-00-00-00-00-01"), log);
    assertTrue(box.read("uname.txt").word().orElseThrow().startsWith("Linux host1 6.12"));
  }

  @Test
  void linksLeadFromItAsTheyLedThere() throws IOException {
    Box box = captured();
    String device = "sys/bus/pci/devices/" + FakeRoot.GPU;
    assertEquals("0x10de", box.read(device + "/vendor").word().orElseThrow());
    assertEquals("nvidia", box.linked(device + "/driver").orElseThrow());
    assertEquals("7", box.linked(device + "/iommu_group").orElseThrow());
    assertEquals("DMA", box.read(device + "/iommu_group/type").word().orElseThrow());
    assertEquals(
        List.of("config", "device", "driver", "iommu_group", "resource", "vendor"),
        box.names(device));
    assertEquals("21500", box.read("sys/class/hwmon/hwmon0/temp1_input").word().orElseThrow());
    assertEquals(List.of("28-000000000001"), box.names("sys/bus/w1/devices"));
  }

  @Test
  void whatCouldNotBeReadIsSaid() throws IOException {
    String path = "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/max_link_width";
    assertInstanceOf(Reading.Unreadable.class, captured().read(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "busybox"})
  void theScriptCapturesTheSame(String shell) throws IOException, InterruptedException {
    Path file = folder.resolve("script.tar.gz");
    ProcessBuilder builder = new ProcessBuilder(command(shell, file));
    if (shell.equals("busybox")) {
      builder.environment().put("PATH", applets().toString());
    }
    run(builder);
    SortedMap<String, String> script = new TreeMap<>();
    ((BundleBox) Bundles.open(file))
        .entries()
        .forEach((path, entry) -> script.put(path, said(entry)));
    SortedMap<String, String> ours = new TreeMap<>();
    ((BundleBox) captured()).entries().forEach((path, entry) -> ours.put(path, said(entry)));
    assertEquals(List.copyOf(ours.keySet()), List.copyOf(script.keySet()));
    ours.forEach((path, said) -> assertEquals(said, script.get(path), path));
  }

  /** A machine that has what busybox has, and of that no more than the script needs. */
  private Path applets() throws IOException {
    Path applets = Files.createDirectory(folder.resolve("applets"));
    for (String name :
        "awk cat dd find grep gzip ln mkdir mktemp od readlink rm sed sort tar timeout true wc"
            .split(" ")) {
      Path applet = applets.resolve(name);
      Files.writeString(
          applet, "#!/usr/bin/busybox ash\nexec /usr/bin/busybox " + name + " \"$@\"\n");
      assertTrue(applet.toFile().setExecutable(true));
    }
    return applets;
  }

  private List<String> command(String shell, Path file) throws InterruptedException {
    boolean there =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(each -> Files.isExecutable(Path.of(each, shell)));
    if (!there) {
      System.out.println("SKIPPED: " + shell + " is not there");
    }
    assumeTrue(there, "SKIPPED: " + shell + " is absent");
    String script = SCRIPT.toAbsolutePath().toString();
    List<String> rest = List.of(script, "--yes", "--root", root.toString(), file.toString());
    return Stream.concat(
            shell.equals("busybox") ? Stream.of("/usr/bin/busybox", "ash") : Stream.of(shell),
            rest.stream())
        .toList();
  }

  private void run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), () -> read(said));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void theScriptWantsTheSame() throws IOException {
    String script = Files.readString(SCRIPT);
    assertTrue(script.contains("<<'END'\n" + Wanted.text() + "END\n"));
    assertTrue(script.contains("for each in " + String.join(" ", Wanted.texts()) + "; do"));
  }
}
