package io.solebox.hardware.board;

/**
 * What a link has had to do so far.
 *
 * @param asked questions and orders
 * @param answered those that got an answer
 * @param resent frames that were sent again, since no answer came
 * @param strange whole frames that were no answer to what was asked, as late ones are
 * @param bad frames that were cut or changed on the way
 * @param skipped bytes that were in no frame
 * @param lost how often the device was gone
 */
public record LinkCounts(
    long asked, long answered, long resent, long strange, long bad, long skipped, long lost) {
  public static final LinkCounts NONE = new LinkCounts(0, 0, 0, 0, 0, 0, 0);

  LinkCounts plus(LinkCounts more) {
    return new LinkCounts(
        asked + more.asked,
        answered + more.answered,
        resent + more.resent,
        strange + more.strange,
        bad + more.bad,
        skipped + more.skipped,
        lost + more.lost);
  }
}
