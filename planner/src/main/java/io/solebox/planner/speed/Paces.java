package io.solebox.planner.speed;

import io.solebox.planner.machine.DeviceProfile;
import java.util.Optional;

/** Says how fast the devices of a machine go. */
public interface Paces {
  /** As their profiles say, of what was never measured. */
  Paces OF_PROFILES = (device, isCard, _) -> DevicePaces.of(device, isCard);

  /**
   * @param isCard or the processor
   * @param number of the device among those that compute, from 0
   * @return empty where nothing is known of it
   */
  Optional<DevicePaces> of(DeviceProfile device, boolean isCard, int number);
}
