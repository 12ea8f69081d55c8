package io.solebox.hardware.box;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineBoxTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path root;

  private Reading asked(Duration deadline, List<List<String>> commands) throws IOException {
    Tool tool = new Tool("tool.txt", commands);
    return MachineBox.of(root, List.of(tool), deadline).read("tool.txt");
  }

  private static List<String> shell(String script) {
    return List.of("sh", "-c", script);
  }

  @Test
  void aToolThatFailsIsHeardWhereItSaysSomething() throws IOException {
    Reading reading = asked(LONG, List.of(shell("echo No devices were found >&2; exit 6")));
    assertEquals("No devices were found", reading.word().orElseThrow());
  }

  @Test
  void aRefusalSendsToTheNextWay() throws IOException {
    List<String> refused = shell("echo 'dmesg: Operation not permitted'; exit 1");
    assertEquals(new Reading.Unreadable("root is needed"), asked(LONG, List.of(refused)));
    Reading other = asked(LONG, List.of(List.of("no-such-tool"), refused, shell("echo well")));
    assertEquals("well", other.word().orElseThrow());
  }

  @Test
  void aToolThatHangsIsLeftAtItsDeadline() throws IOException {
    Reading reading = asked(Duration.ofMillis(100), List.of(shell("exec sleep 600")));
    assertTrue(
        assertInstanceOf(Reading.Unreadable.class, reading).why().contains("did not answer"));
  }

  @Test
  void aToolThatIsNotThereIsAbsent() throws IOException {
    assertInstanceOf(Reading.Absent.class, asked(LONG, List.of(List.of("no-such-tool"))));
  }

  @Test
  void whatACaptureCouldNotReadIsNotAbsent() throws IOException {
    Files.writeString(root.resolve("not-read.txt"), "proc/iomem: root is needed\n");
    FolderBox box = new FolderBox(root);
    assertEquals(new Reading.Unreadable("root is needed"), box.read("proc/iomem"));
    assertInstanceOf(Reading.Absent.class, box.read("proc/cmdline"));
  }

  @Test
  void aLinkIsToldAsItIsWrittenAndNeverFollowedOut() throws IOException {
    Files.createDirectories(root.resolve("sys/devices/a"));
    Files.createDirectories(root.resolve("sys/bus"));
    Files.createSymbolicLink(root.resolve("sys/bus/a"), Path.of("../devices/a"));
    Files.createSymbolicLink(
        root.resolve("sys/devices/a/driver"), Path.of("../../bus/drivers/nvidia"));
    Files.createSymbolicLink(root.resolve("out"), Path.of(".."));
    FolderBox box = new FolderBox(root);
    assertEquals("nvidia", box.linked("sys/bus/a/driver").orElseThrow());
    assertEquals("../devices/a", box.link("sys/bus/a").orElseThrow());
    assertInstanceOf(Reading.Absent.class, box.read("out"));
    assertTrue(box.link("out/out").isEmpty());
  }
}
