package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of a machine that was captured, and how it ends. */
class DoctorCommandTest {
  @TempDir private Path folder;
  private CliRunner cli;

  @BeforeEach
  void setUp() {
    cli = new CliRunner(folder.resolve("home"));
  }

  /** A card of 32 GB behind a bridge, on a host without a window above 4 GiB. */
  private CliRunner.Result broken(String... options) throws IOException {
    Files.writeString(
        folder.resolve("dmesg.txt"),
        """
        [    0.1] pci_bus 0000:00: root bus resource [mem 0xdfa00000-0xfeafffff window]
        [    0.2] pci 0000:00:01.0: [8086:0151] type 01 class 0x060400
        [    0.3] pci 0000:01:00.0: [10de:1db5] type 00 class 0x030200
        [    0.4] pci 0000:00:01.0: PCI bridge to [bus 01]
        [    0.5] pci 0000:01:00.0: BAR 1 [mem size 0x800000000 64bit pref]: can't assign; no space
        [    0.6] pci 0000:01:00.0: BAR 1 [mem size 0x800000000 64bit pref]: failed to assign
        [   43.7] NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:
                  NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)
        """);
    return run(options);
  }

  private CliRunner.Result run(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "doctor";
    arguments[1] = "--bundle";
    arguments[2] = folder.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return cli.run(arguments);
  }

  @Test
  void causesComeFirst_andNameWhatFollows() throws IOException {
    CliRunner.Result result = broken();
    assertEquals(1, result.exitCode(), result.err());
    assertTrue(result.out().startsWith("FAIL  host.window  0000:01:00.0\n"), result.out());
    assertTrue(result.out().contains("      3 later findings follow from it:\n"), result.out());
    assertTrue(result.out().contains("      FAIL  nvrm.bar  0000:01:00.0\n"), result.out());
    assertTrue(result.out().contains("dmesg.txt:1: "), result.out());
    assertTrue(result.out().contains("4 failures, no warnings.\n"), result.out());
    assertFalse(result.out().contains("\u001b"));
  }

  @Test
  void inJson() throws IOException {
    List<Map<String, Object>> rows = broken("--json").rows();
    Map<String, Object> invalid =
        rows.stream().filter(row -> "nvrm.bar".equals(row.get("id"))).findFirst().orElseThrow();
    assertEquals("fail", invalid.get("verdict"));
    assertEquals("host.window", invalid.get("caused_by"));
    assertEquals("0000:01:00.0", invalid.get("device"));
    assertTrue(invalid.get("remedy").toString().startsWith("Above 4G decoding"));
    assertTrue(invalid.containsKey("message") && invalid.containsKey("evidence"));
  }

  @Test
  void whatIsNotThereIsNotRead_andNoFailure() {
    CliRunner.Result result = run();
    assertEquals(0, result.exitCode(), result.out());
    assertTrue(result.out().contains("Not read:\n"), result.out());
    assertTrue(result.out().contains("no failures, no warnings.\n"), result.out());
  }

  @Test
  void explainsACheck() {
    CliRunner.Result result = cli.run("doctor", "--explain", "gpu.bar.nospace");
    assertEquals(0, result.exitCode());
    assertTrue(result.out().startsWith("gpu.bar.nospace: "), result.out());
    assertTrue(result.out().contains("explains gpu.bar.assigned"), result.out());
  }

  /** 1 means that the machine failed; a script must not take a typing error for that. */
  @Test
  void wrongUsageIsNoFailure() throws IOException {
    assertEquals(2, cli.run("doctor", "--explain", "no.such").exitCode());
    assertEquals(2, cli.run("doctor", "--bundle", folder.resolve("none").toString()).exitCode());
    Path damaged = Files.writeString(folder.resolve("damaged.tar.gz"), "\u001f\u008b no archive");
    assertEquals(2, cli.run("doctor", "--bundle", damaged.toString()).exitCode());
  }

  @Test
  void whatIsCollectedIsShownFirst_andDiagnosedElsewhere() throws IOException {
    Path archive = folder.resolve("home.tar.gz");
    CliRunner.Result refused = broken("--collect", archive.toString());
    assertEquals(2, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("--yes"), refused.err());
    assertFalse(Files.exists(archive));
    CliRunner.Result asked = declining(archive);
    assertEquals(1, asked.exitCode(), asked.err());
    assertTrue(asked.out().contains("dmesg.txt"), asked.out());
    assertFalse(Files.exists(archive));
    CliRunner.Result written = run("--collect", archive.toString(), "--yes");
    assertEquals(0, written.exitCode(), written.err());
    CliRunner.Result diagnosed = cli.run("doctor", "--bundle", archive.toString());
    assertEquals(1, diagnosed.exitCode(), diagnosed.err());
    assertTrue(diagnosed.out().contains("nvrm.bar"), diagnosed.out());
  }

  private CliRunner.Result declining(Path archive) {
    return new CliRunner(folder.resolve("home"))
        .atTerminal()
        .stdin("n\n")
        .run("doctor", "--bundle", folder.toString(), "--collect", archive.toString());
  }

  @Test
  void anArchiveThatIsNoBundleIsWrongUsage() throws IOException {
    Path archive = folder.resolve("bundle.tar.gz");
    Files.writeString(archive, "no archive");
    CliRunner.Result result = cli.run("doctor", "--bundle", archive.toString());
    assertEquals(2, result.exitCode(), result.err());
    assertTrue(result.err().contains("scripts/collect.sh"), result.err());
  }
}
