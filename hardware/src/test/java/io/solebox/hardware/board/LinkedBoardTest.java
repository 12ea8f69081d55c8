package io.solebox.hardware.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardEvent.Cause;
import io.solebox.hardware.board.BoardStatus.Flag;
import io.solebox.hardware.board.line.LineTrouble;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkedBoardTest {
  private static final byte[] NOTHING = {};

  /** Nothing is waited for: the script has answered already. */
  private static final LinkPace AT_ONCE =
      new LinkPace(Duration.ofSeconds(1), Duration.ofMillis(1), Duration.ofMillis(1), 4);

  private static LinkedBoard board(ScriptedLine line) {
    return new LinkedBoard(line, AT_ONCE);
  }

  private static LinkedBoard board(ScriptedLine.Script script) {
    return board(new ScriptedLine(script));
  }

  private static <T> T yes(Said<T> said) {
    return switch (said) {
      case Said.Yes<T>(var value) -> value;
      case Said.No<T>(var why) -> throw new AssertionError(why);
    };
  }

  private static String no(Said<?> said) {
    return assertInstanceOf(Said.No.class, said, said.toString()).why();
  }

  private static byte[] answer(Frame question, int type, byte... payload) {
    return Frame.of(type, question.sequence(), payload).bytes();
  }

  private static byte[] ack(Frame order, OrderResult result) {
    return answer(order, LinkType.ACK, (byte) order.type(), (byte) result.ordinal());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] status() {
    return buffer(Payload.STATUS_BYTES)
        .put((byte) BoardState.RUN.ordinal())
        .put((byte) BoardFault.NONE.ordinal())
        .putShort((short) 0b10_0110_1111)
        .putShort((short) 12_100)
        .putShort((short) 3_310)
        .putShort((short) 801)
        .putShort((short) 612)
        .putShort((short) -15)
        .putShort((short) 0x7fff)
        .put((byte) 65)
        .put((byte) 30)
        .putShort((short) 3000)
        .putShort((short) 2990)
        .putInt(86_400)
        .putShort((short) 250)
        .putShort((short) 0xffff)
        .putInt(0xffff_fffe)
        .putShort((short) 0xffff)
        .put((byte) 2)
        .array();
  }

  @Test
  void aStatusIsReadFieldByField() {
    BoardStatus status =
        yes(board(question -> answer(question, LinkType.STATUS, status())).status());
    assertEquals(
        new BoardStatus(
            BoardState.RUN,
            BoardFault.NONE,
            Set.of(
                Flag.EN_AUX,
                Flag.EN_CORE,
                Flag.EN_MODULE,
                Flag.PERST_RELEASED,
                Flag.PSU_GOOD,
                Flag.VRM_GOOD,
                Flag.HOST_EXPECTED),
            12_100,
            3_310,
            801,
            61.2,
            -1.5,
            OptionalDouble.empty(),
            65,
            30,
            List.of(3000, 2990),
            Duration.ofMillis(86_400_250),
            Optional.empty(),
            0xffff_fffeL,
            65_535,
            2),
        status);
  }

  @Test
  void whoItIsIsReadAndItsNameIsMadeVisible() {
    byte[] payload =
        buffer(Payload.INFO_BYTES)
            .put(new byte[] {1, 1, 2, 3, 4, 1, 64, 0})
            .put("lab\u0007\u00ff one\0junk".getBytes(StandardCharsets.ISO_8859_1))
            .array();
    BoardInfo info = yes(board(question -> answer(question, LinkType.INFO, payload)).info());
    assertEquals(new BoardInfo(1, "1.2.3", 4, true, 64, "lab?? one"), info);
  }

  private static byte[] event(int number, int state, int cause, int fault) {
    return buffer(Payload.EVENT_BYTES)
        .putInt(number)
        .putInt(5)
        .putShort((short) 999)
        .put((byte) 1)
        .put((byte) fault)
        .put((byte) state)
        .put((byte) cause)
        .putShort((short) -40)
        .array();
  }

  @Test
  void eventsAreAskedForUntilThereAreNoMore() {
    LinkedBoard board =
        board(
            question -> {
              int first =
                  ByteBuffer.wrap(question.payload()).order(ByteOrder.LITTLE_ENDIAN).getInt();
              ByteBuffer events = buffer(8 * Payload.EVENT_BYTES);
              for (int number = Math.max(first, 5); number < Math.min(first + 8, 20); number++) {
                events.put(event(number, 0x59, 5, 13));
              }
              return answer(
                  question, LinkType.EVENTS, Arrays.copyOf(events.array(), events.position()));
            });
    List<BoardEvent> events = yes(board.events(1));
    assertEquals(15, events.size());
    assertEquals(
        new BoardEvent(
            5,
            1,
            Duration.ofMillis(5999),
            BoardState.RUN,
            BoardState.FAULT,
            Cause.FAULT,
            BoardFault.HOT,
            -40),
        events.getFirst());
    assertEquals(19, events.getLast().number());
  }

  @Test
  void boardsThatTellEventsWithoutAnEndAreNotBelieved() {
    int[] number = {0};
    Said<List<BoardEvent>> endless =
        board(question -> answer(question, LinkType.EVENTS, event(++number[0], 0, 0, 0))).events(0);
    assertTrue(no(endless).contains("without an end"), no(endless));
    Said<List<BoardEvent>> backwards =
        board(question -> answer(question, LinkType.EVENTS, event(3, 0, 0, 0))).events(0);
    assertTrue(no(backwards).contains("tells event 3 where 4"), no(backwards));
  }

  @Test
  void whatALaterFirmwareHasIsToldAsUnknown() {
    byte[] later = Arrays.copyOf(status(), 150);
    later[0] = 12;
    later[1] = (byte) 200;
    BoardStatus status = yes(board(question -> answer(question, LinkType.STATUS, later)).status());
    assertEquals(BoardState.UNKNOWN, status.state());
    assertEquals(BoardFault.UNKNOWN, status.fault());
    OrderResult result =
        yes(
            board(question -> answer(question, LinkType.ACK, (byte) question.type(), (byte) 99))
                .order(new Order.On()));
    assertEquals(OrderResult.UNKNOWN, result);
  }

  @Test
  void noPayloadOfAnyLengthIsAnException() {
    var random = new SplittableRandom(7);
    for (int length = 0; length <= Frame.MOST_PAYLOAD; length++) {
      byte[] payload = new byte[length];
      random.nextBytes(payload);
      LinkedBoard board = board(question -> answer(question, question.type() | 0x80, payload));
      assertEquals(length >= Payload.STATUS_BYTES, board.status() instanceof Said.Yes);
      assertEquals(length >= Payload.INFO_BYTES, board.info() instanceof Said.Yes);
      board.events(0);
      board.order(new Order.Fan(3));
      board(question -> answer(question, LinkType.ACK, payload)).order(new Order.Goodbye());
      board(question -> answer(question, LinkType.ERROR, payload)).order(new Order.Off());
    }
  }

  @Test
  void anOrderWhoseAnswerIsLostIsSentAgainAsItWas() {
    int[] asked = {0};
    var line =
        new ScriptedLine(question -> ++asked[0] < 3 ? NOTHING : ack(question, OrderResult.DONE));
    LinkedBoard board = board(line);
    assertEquals(OrderResult.DONE, yes(board.order(new Order.Cycle())));
    assertEquals(3, line.sent.size());
    assertEquals(1, Set.copyOf(line.sent).size());
    assertEquals(1, line.taken, "nobody comes between");
    assertEquals(1, line.freed);
    assertEquals(new LinkCounts(1, 1, 2, 0, 0, 0, 0), board.counts());
    yes(board.order(new Order.Cycle()));
    assertEquals(2, Set.copyOf(line.sent).size(), "and another has another sequence");
  }

  @Test
  void aSilentBoardIsToldAndSoIsWhatCameInstead() {
    String silent = no(board(_ -> NOTHING).status());
    assertEquals(
        "the board does not answer, asked 4 times: nothing came; check its power, its wiring (TX"
            + " to RX), and that its firmware runs",
        silent);
    assertTrue(no(board(_ -> new byte[] {0, -1, 0}).status()).contains("nothing came"));
    assertTrue(no(board(_ -> new byte[] {17, 4}).status()).contains("no frame"));
    assertTrue(no(board(q -> wrong(q)).status()).contains("damaged"));
    assertTrue(no(board(q -> late(q)).status()).contains("something else"));
  }

  private static byte[] wrong(Frame question) {
    byte[] frame = answer(question, LinkType.STATUS, status());
    frame[20] ^= 1;
    return frame;
  }

  private static byte[] late(Frame question) {
    return Frame.of(LinkType.STATUS, question.sequence() + 200 & 0xff, status()).bytes();
  }

  @Test
  void answersToOthersDoNotCountAndThoseBehindThemDo() {
    var board =
        board(
            question ->
                buffer(400)
                    .put(wrong(question))
                    .put(late(question))
                    .put(answer(question, LinkType.ACK, (byte) LinkType.ON, (byte) 0))
                    .put(answer(question, LinkType.STATUS, status()))
                    .array());
    yes(board.status());
    assertEquals(2, board.counts().strange());
    assertEquals(1, board.counts().bad());
    assertEquals(0, board.counts().resent());
  }

  @Test
  void otherVersionsAndErrorsAreToldWithWhatHelps() {
    String later =
        no(board(q -> new Frame(2, LinkType.STATUS, q.sequence(), status()).bytes()).status());
    assertTrue(later.contains("speaks version 2 of the link, and this program version 1"), later);
    String unknown =
        no(
            board(q -> answer(q, LinkType.ERROR, (byte) q.type(), (byte) 2))
                .order(new Order.Fan(20)));
    assertTrue(unknown.contains("type 0x17; update its firmware"), unknown);
  }

  @Test
  void aLineThatBreaksIsTakenAgain() {
    int[] asked = {0};
    var line =
        new ScriptedLine(
            question -> {
              if (++asked[0] == 1) {
                throw new LineTrouble("it has gone");
              }
              return answer(question, LinkType.STATUS, status());
            });
    LinkedBoard board = board(line);
    yes(board.status());
    assertEquals(2, line.taken);
    assertEquals(2, line.freed);
    assertEquals(1, board.counts().lost());
    String gone =
        no(
            board(
                    _ -> {
                      throw new LineTrouble("it has gone");
                    })
                .status());
    assertEquals("it has gone", gone);
  }

  @Test
  void argumentsOfOrdersAreWrittenAsTheBoardReadsThem() {
    var line = new ScriptedLine(question -> ack(question, OrderResult.DONE));
    LinkedBoard board = board(line);
    List<Order> orders =
        List.of(
            new Order.Heartbeat(OptionalDouble.of(61.24)),
            new Order.Heartbeat(OptionalDouble.of(-0.3)),
            new Order.Heartbeat(OptionalDouble.of(1e9)),
            new Order.Heartbeat(OptionalDouble.of(Double.NaN)),
            new Order.Heartbeat(OptionalDouble.empty()),
            new Order.Fan(100),
            new Order.EmergencyStop());
    orders.forEach(order -> yes(board.order(order)));
    assertEquals(
        List.of("[100, 2]", "[-3, -1]", "[-2, 127]", "[-1, 127]", "[-1, 127]", "[100]", "[]"),
        line.sent.stream().map(frame -> Arrays.toString(frame.payload())).toList());
    assertEquals(LinkType.EMERGENCY_STOP, line.sent.getLast().type());
  }
}
