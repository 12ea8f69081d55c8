package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.airgap.AirGap.SecondWall;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands in a process that is kept apart. */
class AirGapCommandTest {
  private static final AirGap CLOSED =
      new AirGap.Closed("x86_64", new SecondWall.Stands(7, List.of("TCP connections")));

  @TempDir Path home;
  private CliRunner cli;

  @BeforeEach
  void runner() {
    cli = new CliRunner(home);
  }

  @Test
  void pullSaysWhyItOpensNoConnection() {
    CliRunner.Result result = cli.with(CLOSED).run("pull", "hf.co/somebody/something");
    assertEquals(Main.FAILED, result.exitCode());
    assertTrue(result.err().contains("this process is air-gapped"), result.err());
    assertTrue(result.err().endsWith("[offline]\n"), result.err());
  }

  /** Who asked for a gap wants nothing sent, be it held by the kernel or not. */
  @Test
  void pullIsRefusedWhereTheGapIsNotWhole() {
    CliRunner.Result result =
        cli.with(new AirGap.Leaky(List.of("no seccomp"))).run("pull", "hf.co/a/b");
    assertEquals(Main.FAILED, result.exitCode());
    assertTrue(result.err().contains("an air gap was asked for"), result.err());
  }

  /** Where main did not see it in time, as in a file of arguments, nothing runs without it. */
  @Test
  void anOptionThatCameTooLateIsNoGap() {
    for (String option : List.of("--air-gap", "--air-gap-if-possible")) {
      CliRunner.Result result = cli.run("models", "ls", option);
      assertEquals(Main.WRONG_USAGE, result.exitCode());
      assertTrue(result.err().contains("on the command line itself"), result.err());
    }
    assertEquals(0, cli.with(CLOSED).run("models", "ls", "--air-gap").exitCode());
  }
}
