package io.solebox.app.update.slot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.update.file.Architecture;
import io.solebox.app.update.file.UpdateFile;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.sign.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Updates of a machine whose slots are files, started by rules that know nothing of updates. */
final class UpdaterTest {
  @TempDir private Path folder;
  private FakeMachine fake;
  private Firmware firmware;

  @BeforeEach
  void machine() throws IOException {
    fake = new FakeMachine(folder);
    firmware = new Firmware(fake, "1.0.0", "2.0.0", "3.0.0");
  }

  private Updater updater(String running) {
    return updater(running, SlotDisk.SYSTEM);
  }

  private Updater updater(String running, SlotDisk disk) {
    return new Updater(fake.machine(disk), running);
  }

  private void install(Path update, Updater updater, boolean allowOlder) {
    try (UpdateFile file = UpdateFile.open(update, fake.machine(SlotDisk.SYSTEM).keys())) {
      updater.install(file, allowOlder, Progress.none());
    }
  }

  private Status status(String version) {
    return Status.of(fake.machine(SlotDisk.SYSTEM), version);
  }

  @Test
  void newSystemIsStartedAndCountsWhenConfirmed() throws IOException {
    install(fake.update("2.0.0"), updater("1.0.0"), false);
    assertTrue(status("1.0.0").restartTriesOther());
    assertEquals(Optional.of("2.0.0"), firmware.start());
    assertEquals(SlotState.ON_TRIAL, status("2.0.0").running().state());
    assertTrue(updater("2.0.0").confirm());
    assertFalse(updater("2.0.0").confirm());
    for (int i = 0; i < 5; i++) {
      assertEquals(Optional.of("2.0.0"), firmware.start());
    }
    assertEquals(SlotState.CONFIRMED, status("2.0.0").other().state());
  }

  @Test
  void oldSystemComesBackWhereTheNewOneNeverProvesItself() throws IOException {
    install(fake.update("2.0.0"), updater("1.0.0"), false);
    for (int i = 0; i < BootEntry.TRIES; i++) {
      assertEquals(Optional.of("2.0.0"), firmware.start());
    }
    assertEquals(Optional.of("1.0.0"), firmware.start());
    assertEquals(Optional.of("1.0.0"), firmware.start());
    Status after = status("1.0.0");
    assertEquals(SlotState.FAILED, after.other().state());
    assertEquals(Optional.of("2.0.0"), after.other().version());
    install(fake.update("3.0.0"), updater("1.0.0"), false);
    assertEquals(Optional.of("3.0.0"), firmware.start());
  }

  @Test
  void goesBackAndForth() throws IOException {
    install(fake.update("2.0.0"), updater("1.0.0"), false);
    firmware.start();
    updater("2.0.0").confirm();
    assertEquals(SlotName.A, updater("2.0.0").rollBack());
    assertEquals(Optional.of("1.0.0"), firmware.start());
    assertEquals(SlotState.ON_TRIAL, status("1.0.0").running().state());
    updater("1.0.0").rollBack(); // it has not proved itself, so it is given up at once
    assertEquals(Optional.of("2.0.0"), firmware.start());
    install(fake.update("1.0.0"), updater("2.0.0"), true);
    assertEquals(Optional.of("1.0.0"), firmware.start());
    updater("1.0.0").confirm();
    assertEquals(Optional.of("1.0.0"), firmware.start());
  }

  @ParameterizedTest
  @EnumSource
  void wholeSystemIsStartedWheneverThePowerFails(CutDisk.Kind kind) throws IOException {
    Set<Optional<String>> seen = new HashSet<>();
    boolean cut = true;
    for (int steps = 0; cut; steps++) {
      cut = installWithCut(steps, kind, seen);
    }
    assertEquals(Set.of(Optional.of("1.0.0"), Optional.of("2.0.0")), seen);
  }

  /** Over a system that was there before, so that there is something to be mistaken for whole. */
  private boolean installWithCut(int steps, CutDisk.Kind kind, Set<Optional<String>> seen)
      throws IOException {
    Path fresh = Files.createTempDirectory(folder, "cut");
    fake = new FakeMachine(fresh);
    firmware = new Firmware(fake, "0.9.0", "1.0.0", "2.0.0");
    install(fake.update("0.9.0"), updater("1.0.0"), true);
    firmware.start();
    updater("0.9.0").rollBack();
    assertEquals(Optional.of("1.0.0"), firmware.start());
    Path update = fake.update("2.0.0");
    boolean cut = false;
    try {
      install(update, updater("1.0.0", new CutDisk(steps, kind)), false);
    } catch (SoleboxException e) {
      assertEquals(CutDisk.Cut.class, e.getCause().getClass());
      cut = true;
    }
    Optional<String> started = firmware.start();
    String where = "cut after %d steps, %s".formatted(steps, kind);
    assertTrue(
        started.equals(Optional.of("1.0.0")) || started.equals(Optional.of("2.0.0")),
        () -> where + ": " + started);
    seen.add(started);
    if (started.equals(Optional.of("1.0.0"))) {
      install(update, updater("1.0.0"), false);
      assertEquals(Optional.of("2.0.0"), firmware.start(), where);
    }
    return cut;
  }

  @ParameterizedTest
  @EnumSource
  void somethingWholeIsStartedWhereDecidingIsCut(CutDisk.Kind kind) throws IOException {
    for (boolean confirm : List.of(true, false)) {
      boolean cut = true;
      for (int steps = 0; cut; steps++) {
        fake = new FakeMachine(Files.createTempDirectory(folder, "cut"));
        firmware = new Firmware(fake, "1.0.0", "2.0.0");
        install(fake.update("2.0.0"), updater("1.0.0"), false);
        firmware.start();
        if (!confirm) {
          updater("2.0.0").confirm();
        }
        Updater updater = updater("2.0.0", new CutDisk(steps, kind));
        try {
          if (confirm) {
            updater.confirm();
          } else {
            updater.rollBack();
          }
          cut = false;
        } catch (SoleboxException e) {
          assertEquals(CutDisk.Cut.class, e.getCause().getClass());
        }
        for (int i = 0; i < 5; i++) {
          assertTrue(firmware.start().isPresent(), "cut after " + steps + " steps, " + kind);
        }
      }
    }
  }

  @Test
  void refusesWithAReasonAndChangesNothing() throws IOException {
    Updater updater = updater("2.0.0");
    refused(updater, fake.update("1.5.0"), ErrorCode.BAD_UPDATE, "older than 2.0.0");
    refused(updater, fake.update("2.0.0"), ErrorCode.BAD_UPDATE, "runs already");
    refused(
        updater,
        fake.update("3.0.0", Architecture.ARM64, fake.key(), 5000),
        ErrorCode.BAD_UPDATE,
        "it is for arm64, and this machine is x64");
    refused(
        updater,
        fake.update("3.0.0", Architecture.X64, fake.key(), FakeMachine.SLOT_BYTES + 1),
        ErrorCode.BAD_UPDATE,
        "slot b has 65536");
    refused(
        updater,
        fake.update("3.0.0", Architecture.X64, SigningKey.generate(), 5000),
        ErrorCode.UNTRUSTED,
        "does not trust");
    Files.move(
        fake.kernels().resolve("solebox-a.efi"), fake.kernels().resolve("solebox-a+2-1.efi"));
    refused(updater, fake.update("3.0.0"), ErrorCode.BAD_UPDATE, "not proved itself");
  }

  private void refused(Updater updater, Path update, ErrorCode code, String why)
      throws IOException {
    byte[] slot = Files.readAllBytes(fake.partition(SlotName.B));
    var error = assertThrows(SoleboxException.class, () -> install(update, updater, false));
    assertEquals(code, error.code(), error.describe());
    assertTrue(error.describe().contains(why), error.describe());
    assertArrayEquals(slot, Files.readAllBytes(fake.partition(SlotName.B)));
  }

  /** Cut, longer, and with one byte changed anywhere: whatever is wrong, nothing is written. */
  @Test
  void refusesWhatIsNotAsItWasSigned() throws IOException {
    byte[] good = Files.readAllBytes(fake.update("2.0.0"));
    Random random = new Random(25);
    for (int i = 0; i < 200; i++) {
      byte[] bad =
          switch (i % 4) {
            case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
            case 1 -> Arrays.copyOf(good, good.length + 1 + random.nextInt(100));
            default -> good.clone();
          };
      if (i % 4 > 1) {
        int at = i % 4 == 2 ? random.nextInt(2000) : random.nextInt(good.length);
        bad[at] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = fake.file("bad.update", bad);
      byte[] slot = Files.readAllBytes(fake.partition(SlotName.B));
      var error =
          assertThrows(SoleboxException.class, () -> install(file, updater("1.0.0"), false));
      assertTrue(
          error.code() == ErrorCode.BAD_UPDATE || error.code() == ErrorCode.UNTRUSTED,
          error.describe());
      assertArrayEquals(slot, Files.readAllBytes(fake.partition(SlotName.B)));
    }
  }
}
