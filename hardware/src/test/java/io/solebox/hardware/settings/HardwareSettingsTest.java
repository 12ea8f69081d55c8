package io.solebox.hardware.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardSettings;
import io.solebox.hardware.board.line.BoardAddress;
import io.solebox.hardware.power.PowerSettings.Point;
import io.solebox.hardware.settings.HardwareSettings.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareSettingsTest {
  @TempDir private Path folder;

  private Result read(String text) throws IOException {
    Path file = folder.resolve(HardwareSettings.FILE);
    Files.writeString(file, text);
    return HardwareSettings.read(file);
  }

  private String bad(String text) throws IOException {
    return assertInstanceOf(Result.Bad.class, read(text)).what();
  }

  @Test
  void readsWhatAnOwnerSaysAndKeepsDefaultsForTheRest() throws IOException {
    Result.Good good =
        assertInstanceOf(
            Result.Good.class,
            read(
                """
                # A box of four
                psu.watts = 1400
                card.PG199.measured = 1140:230, 1410:330
                card.GPU-1.watts = 250
                guard.fall_seconds = 0.5
                energy.price = 0.31
                """));
    assertEquals(1400, good.settings().power().psuWatts().orElseThrow());
    assertEquals(0.8, good.settings().power().psuShare());
    assertEquals(
        List.of(new Point(1140, 230), new Point(1410, 330)),
        good.settings().power().cards().get("PG199").measured());
    assertEquals(250, good.settings().power().cards().get("GPU-1").watts().orElseThrow());
    assertEquals(0.31, good.settings().pricePerKwh().orElseThrow());
    assertEquals(Duration.ofMillis(500), good.settings().guard().fall());
    assertEquals(Duration.ofSeconds(2), good.settings().guard().rise());
  }

  @Test
  void hasDefaultsWhereThereIsNoFile() {
    assertEquals(
        new Result.Good(HardwareSettings.DEFAULTS),
        HardwareSettings.read(folder.resolve("absent")));
  }

  @Test
  void saysWhatIsWrongWithALine() throws IOException {
    assertTrue(
        bad("psu.wats=1400")
            .startsWith("psu.wats is unknown; there are board, board.heartbeat, energy.price"));
    assertEquals("psu.watts=lots is no number", bad("psu.watts=lots"));
    assertEquals("psu.share=80 is not between 0.1 and 1.0", bad("psu.share=80"));
    assertTrue(bad("card.x.measured=1140").contains("1140:230"));
  }

  @Test
  void readsWhereTheBoardIs() throws IOException {
    assertEquals(
        Optional.of(
            new BoardSettings(new BoardAddress.Uart(Path.of("/dev/ttyAMA1"), 115_200), true)),
        board("board=uart:/dev/ttyAMA1"));
    assertEquals(
        Optional.of(
            new BoardSettings(new BoardAddress.Spi(Path.of("/dev/spidev0.0"), 500_000), false)),
        board("board=spi:/dev/spidev0.0@500000\nboard.heartbeat=no"));
    assertEquals(
        Optional.of(new BoardSettings(new BoardAddress.Tcp("[::1]", 4000), true)),
        board("board=tcp:[::1]:4000"));
    for (String wrong :
        List.of(
            "ttyAMA1",
            "uart:ttyAMA1",
            "uart:/dev/ttyS0@115201",
            "tcp:h:0",
            "tcp:h:65536",
            "tcp:h")) {
      assertEquals(
          "board=%s is not written as in uart:/dev/ttyAMA1[@115200], spi:/dev/spidev0.0[@1000000] or tcp:HOST:PORT"
              .formatted(wrong),
          bad("board=" + wrong));
    }
    assertEquals("board.heartbeat=maybe is neither yes nor no", bad("board.heartbeat=maybe"));
  }

  private Optional<BoardSettings> board(String text) throws IOException {
    return assertInstanceOf(Result.Good.class, read(text)).settings().board();
  }
}
