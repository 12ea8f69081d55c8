package io.solebox.hardware.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BundlesTest {
  private static final Limits SMALL = new Limits(20, 1000, 20_000, 5);

  @TempDir private Path folder;

  private static Entry file(String text) {
    return new Entry.Bytes(text.getBytes(UTF_8));
  }

  private static byte[] tar(Map<String, Entry> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter.write(new TreeMap<>(entries), out);
    return out.toByteArray();
  }

  private static Box read(byte[] tar) throws IOException {
    return Bundles.read(new ByteArrayInputStream(tar), SMALL);
  }

  private static void refused(String why, byte[] tar) {
    BadBundle refusal = assertThrows(BadBundle.class, () -> read(tar));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    assertTrue(refusal.remedy().contains("--collect"));
  }

  @Test
  void longNamesAndLinksComeBack() throws IOException {
    String name = "sys/" + "x".repeat(150);
    String target = "../proc/" + "y".repeat(120);
    Box box = read(tar(Map.of(name, file("a\n"), "sys/link", new Entry.Link(target))));
    assertEquals("a", box.read(name).word().orElseThrow());
    assertEquals(target, box.link("sys/link").orElseThrow());
  }

  @Test
  void aLinkIsFollowedWithinTheBundleAndNotFurther() throws IOException {
    Box box =
        read(
            tar(
                Map.of(
                    "proc/version", file("6.1\n"),
                    "sys/absolute", new Entry.Link("/proc/version"),
                    "sys/hosts", new Entry.Link("/etc/hosts"),
                    "sys/a", new Entry.Link("b"),
                    "sys/b", new Entry.Link("a"))));
    assertEquals("6.1", box.read("sys/absolute").word().orElseThrow());
    assertInstanceOf(Reading.Absent.class, box.read("sys/hosts"));
    assertInstanceOf(Reading.Absent.class, box.read("sys/a"));
    assertInstanceOf(Reading.Absent.class, box.read("sys/../../etc/hosts"));
  }

  @Test
  void namesAndLinksThatLeadOutAreRefused() throws IOException {
    refused("leads out", tar(Map.of("../etc/cron.d/x", file("a"))));
    refused("leads out", tar(Map.of("sys/a", new Entry.Link("../../x"))));
    Map<String, Entry> below = Map.of("sys/a", new Entry.Link("b"), "sys/a/x", file("a"));
    refused("lies below sys/a", tar(below));
  }

  @Test
  void moreThanTheLimitsIsRefused() throws IOException {
    Map<String, Entry> many = new TreeMap<>();
    for (int i = 0; i < 21; i++) {
      many.put("proc/" + i, file(""));
    }
    refused("more than 20 entries", tar(many));
    refused("is longer than", tar(Map.of("proc/a", new Entry.Bytes(new byte[1001]))));
    refused("deeper than 5", tar(Map.of("a/b/c/d/e/f", file(""))));
    Map<String, Entry> large = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      large.put("proc/" + i, new Entry.Bytes(new byte[1000]));
    }
    refused("when unpacked", tar(large));
  }

  @Test
  void aSmallArchiveThatUnpacksToMuchIsRefused() throws IOException {
    Path bomb = folder.resolve("bomb.tar.gz");
    byte[] header = Arrays.copyOf(tar(Map.of("proc/a", file(""))), Tar.BLOCK);
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      for (int i = 0; i < 10_000; i++) {
        out.write(header);
      }
    }
    assertThrows(BadBundle.class, () -> Bundles.open(bomb, SMALL));
  }

  @Test
  void whatIsNoBundleIsRefused() throws IOException {
    byte[] tar = tar(Map.of("proc/version", file("6.1\n")));
    refused("half a download", Arrays.copyOf(tar, 700));
    byte[] damaged = tar.clone();
    damaged[3] ^= 1;
    refused("damaged", damaged);
    byte[] device = tar.clone();
    device[Tar.TYPE] = '3';
    byte[] sum = "%06o\0 ".formatted(Tar.checksum(device)).getBytes(UTF_8);
    System.arraycopy(sum, 0, device, Tar.CHECKSUM, sum.length);
    refused("neither a file nor a folder nor a link", device);
    refused("no tar archive", "no archive at all".repeat(100).getBytes(UTF_8));
  }

  @Test
  void aPackedFolderIsABundle() throws IOException {
    Box box = read(tar(Map.of("mine/proc/version", file("6.1\n"), "mine/dmesg.txt", file("x\n"))));
    assertEquals("6.1", box.read("proc/version").word().orElseThrow());
    assertEquals(List.of("dmesg.txt", "proc"), box.names(""));
    assertEquals(List.of("proc"), read(tar(Map.of("proc/version", file("")))).names(""));
  }

  /** As the usual programs pack it, from a folder, with names longer than a header has room for. */
  @ParameterizedTest
  @ValueSource(strings = {"-cf", "-czf", "--zstd -cf", "--format=pax -czf", "--format=ustar -cf"})
  void archivesOfOtherProgramsAreRead(String options) throws IOException, InterruptedException {
    assumeTrue(!options.contains("zstd") || isThere("zstd"), "SKIPPED: zstd is absent");
    String deep = "sys/devices/" + "pci0000:00/".repeat(8) + "x".repeat(80);
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve(deep).getParent());
    Files.writeString(root.resolve(deep), "a\n");
    Files.createSymbolicLink(root.resolve("sys/link"), Path.of("devices"));
    Path file = folder.resolve("bundle");
    List<String> command =
        Stream.of("tar -C " + root + " " + options + " " + file + " ./")
            .flatMap(line -> Stream.of(line.split(" ")))
            .toList();
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue());
    Box box = Bundles.open(file);
    assertEquals("a", box.read(deep.replace("sys/devices", "sys/link")).word().orElseThrow());
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }
}
