package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardState;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the board answers to frames. */
class LinkAnswerTest {
  private final CDecoder line = new CDecoder();
  private final Bench bench = Bench.off();

  @AfterEach
  void close() {
    bench.close();
    line.close();
  }

  /** All frames that come back, as version.type.sequence.payload. */
  private List<String> ask(byte[] bytes) {
    return line.take(bench.board.feed(bytes));
  }

  private String ask(int type, int sequence, int... payload) {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    List<String> answers = ask(line.encoded(type, sequence, bytes));
    assertEquals(1, answers.size());
    return answers.getFirst();
  }

  private static byte[] payload(String answer) {
    return HexFormat.of().parseHex(answer.substring(answer.lastIndexOf('.') + 1));
  }

  @Test
  void tellsWhoItIsAndItsLimits() {
    String name = "73696d756c6174656400000000000000";
    String limits = "202b" + "a032" + "bb0b" + "0d0e" + "e002" + "6003" + "5203" + "b603";
    assertEquals("01.81.07.01" + "010000" + "0000" + "4000" + name + limits, ask(0x01, 7));
  }

  @Test
  void tellsHowItIs() {
    bench.order(Bench.ON);
    bench.board.step(2000);
    byte[] status = payload(ask(0x02, 9));
    assertEquals(38, status.length);
    assertEquals(BoardState.RUN.ordinal(), status[0]);
    assertEquals(0, status[1]);
    assertEquals(0x6f, status[2], "everything enabled, supplies good");
    assertEquals(12_000, u16(status, 4), 60);
    assertEquals(bench.value(SimValue.FAN_PCT), status[16]);
    assertEquals(2, status[22], "seconds of uptime");
    assertEquals(50, status[26]);
    assertEquals(0xffff, u16(status, 28), "no heartbeat yet");
    assertEquals(6, status[30], "events");
  }

  private static int u16(byte[] payload, int at) {
    return (payload[at] & 0xff) | (payload[at + 1] & 0xff) << 8;
  }

  @Test
  void tellsWhatTheFansTurn() {
    bench.order(Bench.FAN, 60);
    for (int i = 0; i < 10; i++) {
      bench.board.step(1000);
      byte[] status = payload(ask(0x02, i));
      // A second has an edge more or less: 30 turns in a minute.
      assertEquals(i == 0 ? 2500 : 3000, u16(status, 18), i == 0 ? 500 : 60);
      assertEquals(u16(status, 18), u16(status, 20), 60, "both are driven alike");
    }
  }

  @Test
  void tellsWhatBecameOfItInPages() {
    for (int i = 0; i < 20; i++) {
      bench.order(Bench.EMERGENCY_STOP);
      bench.board.step(5);
      bench.order(Bench.RESET_FAULT);
    }
    // 41 events: the start, and two of each.
    assertEquals(8 * 16, payload(ask(0x03, 1, 1, 0, 0, 0)).length);
    assertEquals(16, payload(ask(0x03, 2, 41, 0, 0, 0)).length);
    assertEquals(0, payload(ask(0x03, 3, 42, 0, 0, 0)).length);
    for (int i = 0; i < 20; i++) {
      bench.order(Bench.EMERGENCY_STOP);
      bench.board.step(5);
      bench.order(Bench.RESET_FAULT);
    }
    byte[] oldest = payload(ask(0x03, 4, 1, 0, 0, 0));
    assertEquals(81 - 63, oldest[0], "64 are kept");
  }

  @Test
  void anOrderThatComesTwiceIsDoneOnce() {
    bench.order(Bench.ON);
    bench.board.step(500);
    assertEquals("01.90.05.1400", ask(Bench.CYCLE, 5));
    ask(Bench.HEARTBEAT, 6, 0xff, 0x7f);
    bench.board.step(1500);
    long before = bench.value(SimValue.LAST_EVENT);
    assertEquals("01.90.05.1400", ask(Bench.CYCLE, 5), "the answer was lost");
    assertEquals(before, bench.value(SimValue.LAST_EVENT));
    assertEquals("01.90.06.1401", ask(Bench.CYCLE, 6), "another one");
    bench.board.step(2001);
    assertEquals("01.90.06.1400", ask(Bench.CYCLE, 6), "long ago, so it is meant again");
  }

  @Test
  void aHeartbeatOfTheSameNumberCountsAgain() {
    bench.order(Bench.ON);
    for (int i = 0; i < 30; i++) {
      assertEquals("01.90.01.1000", ask(Bench.HEARTBEAT, 1, 0xff, 0x7f));
      bench.board.step(1000);
    }
    assertEquals(BoardState.RUN, bench.board.state());
  }

  @Test
  void saysWhatItDoesNotUnderstand() {
    assertEquals("01.9f.03.4402", ask(0x44, 3));
    assertEquals("01.9f.04.0303", ask(0x03, 4, 1, 0, 0), "too short");
    assertEquals("01.9f.05.1703", ask(Bench.FAN, 5));
    assertEquals("01.9f.06.1003", ask(Bench.HEARTBEAT, 6, 1));
    assertEquals("01.90.07.1700", ask(Bench.FAN, 7, 40, 1, 2, 3), "a later host says more");
    // Version 9 of the link, type 2, sequence 1.
    assertEquals(List.of("01.9f.01.0201"), ask(HexFormat.of().parseHex("53b0090201027879a0ba")));
  }

  @Test
  void answersNoAnswers() {
    assertEquals(List.of(), ask(line.encoded(0x82, 1, new byte[38])));
    assertEquals(List.of(), ask(line.encoded(0x90, 1, (byte) 0x12, (byte) 0)));
  }

  @Test
  void afterSilenceItAnswersWhatACutFrameHeldUp() {
    byte[] cut = Arrays.copyOf(line.encoded(0x83, 1, new byte[100]), 20);
    assertEquals(List.of(), ask(cut));
    assertEquals(List.of(), ask(line.encoded(0x12, 2)));
    assertEquals(List.of("01.90.02.1200"), line.take(bench.board.quiet()));
    assertEquals(1, bench.value(SimValue.BAD_FRAMES));
  }

  @Test
  void oneThatHangsAnswersNothing() {
    bench.board.hang();
    assertEquals(List.of(), ask(line.encoded(0x02, 1)));
    assertTrue(bench.board.order(Bench.ON, 0).isEmpty());
    bench.board.step(51);
    assertEquals(1, ask(line.encoded(0x02, 1)).size());
  }
}
