package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.app.CliRunner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine measures, for people and for scripts; of a made-up one, and of a made-up GPU. */
class WatchCommandTest {
  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void makeMachine() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    put("sys/class/thermal/thermal_zone0/type", "cpu, \"big\"");
    put("sys/class/thermal/thermal_zone0/temp", "51250");
    put("sys/class/powercap/intel-rapl:0/name", "package-0");
  }

  private void put(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private Result watch(String... more) {
    String[] all = new String[more.length + 4];
    List<String> begin = List.of("watch", "--root", root.toString(), "--interval=0.1");
    System.arraycopy(begin.toArray(new String[0]), 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return new CliRunner(folder).run(all);
  }

  @Test
  void printsALineForEachDeviceWhereThereIsNoTerminal() {
    Result result = watch("--count=1");
    assertEquals(0, result.exitCode(), result.err());
    List<String> lines = result.out().lines().toList();
    assertTrue(lines.getFirst().endsWith("zone cpu, \"big\": 51.3 °C"), result.out());
    assertTrue(lines.getLast().endsWith("CPU package-0: none: it is there no more"), result.out());
    assertEquals(2, lines.size());
  }

  @Test
  void printsAnObjectForEachMeasurement() {
    Result result = watch("--json", "--count=2");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(2, result.out().lines().count());
    Map<String, Object> first =
        CliRunner.asObject(CliRunner.json(result.out().lines().toList().getFirst()));
    Map<String, Object> zone = CliRunner.asObject(((List<?>) first.get("devices")).getFirst());
    assertEquals("thermal_zone", zone.get("kind"));
    Map<String, Object> celsius =
        CliRunner.asObject(CliRunner.asObject(zone.get("values")).get("celsius"));
    assertEquals("51.25", celsius.get("value").toString());
    assertTrue(celsius.containsKey("age_ms"));
    assertEquals(2, ((List<?>) first.get("sources")).size());
  }

  @Test
  void printsALineForEachValueForTables() {
    Result result = watch("--csv", "--count=1");
    List<String> lines = result.out().lines().toList();
    assertEquals("at,kind,id,name,metric,value,age_ms,missing", lines.getFirst());
    assertTrue(
        lines.get(1).contains(",thermal_zone,thermal_zone0,\"cpu, \"\"big\"\"\",celsius,51.25,"),
        result.out());
    assertTrue(
        lines.getLast().endsWith("power_watts,,,it is there no more")
            || lines.getLast().endsWith("energy_joules,,,it is there no more"),
        result.out());
  }

  @Test
  void saysThatThePlugCannotBeAsked() throws IOException {
    Files.writeString(folder.resolve("hardware.properties"), "plug=shelly:127.0.0.1:9\n");
    Result result = new CliRunner(folder).with("SOLEBOX_OFFLINE", "1").run("watch", "--count=1");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("not measured: plug: "), result.out());
    assertTrue(result.out().contains("SOLEBOX_OFFLINE is set"), result.out());
  }

  @Test
  void saysThatThereIsNoGpu() {
    Result result =
        new CliRunner(folder)
            .with("SOLEBOX_NVML", "libno-such-thing.so.1")
            .run("watch", "--count=1");
    assertTrue(
        result
            .out()
            .contains(
                "not measured: nvml: there is no libno-such-thing.so.1: no NVIDIA driver is"
                    + " installed"),
        result.out());
  }

  @Test
  void showsAGpu() throws Exception {
    Path library = folder.resolve("libnvidia-ml.so.1");
    Process cc;
    try {
      cc =
          new ProcessBuilder(
                  "cc",
                  "-shared",
                  "-fPIC",
                  "-o",
                  library.toString(),
                  "../hardware/src/test/c/fake-nvml.c",
                  "-ldl")
              .start();
    } catch (IOException e) {
      assumeTrue(false, "there is no cc");
      return;
    }
    assertEquals(0, cc.waitFor());
    Files.writeString(Path.of(library + ".txt"), "core 86\nreasons 64\nxid 79\n");
    Result result =
        new CliRunner(folder)
            .with("SOLEBOX_NVML", library.toString())
            .run("watch", "--interval=60", "--count=1");
    String line =
        result
            .out()
            .lines()
            .filter(each -> each.contains(" GPU "))
            .findFirst()
            .orElse(result.out());
    assertTrue(
        line.endsWith(
            "GPU Fake V100-SXM2-32GB 0000:01:00.0: core 86 °C, slows down at 87; memory 50 °C, at"
                + " most 85; power 100 W, limit 300; clock 1530 MHz, held down: hardware: too hot;"
                + " busy 7 %; used 2.00 GiB of 32.00 GiB; PCIe generation 3 of 3, 16 of 16 lanes,"
                + " 0 sent again; errors ECC 0 corrected, 0 not, last Xid 79"),
        line);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertEquals(2, watch("--interval=0").exitCode());
    assertEquals(2, watch("--count=0").exitCode());
    assertEquals(2, watch("--json", "--csv").exitCode());
    assertEquals(1, new CliRunner(folder).run("watch", "--root", folder + "/none").exitCode());
  }
}
