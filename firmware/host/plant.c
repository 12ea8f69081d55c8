/* The plant: a power supply, two rails, a heat sink with a load, two fans. Made up, of the right size, and integer. */
#include "parts.h"

enum {
  AUX_RISE_MV = 330,  /* per ms */
  CORE_RISE_MV = 160, /* per ms */
  V12_MOVE_MV = 600,  /* per ms */
  FULL_RPM = 5000,
  HEAT_EVERY_MS = 16,
  SINK_J_PER_K = 200,
  STILL_AIR_MW_PER_K = 1700, /* and at full speed of both fans more by: */
  FANS_MW_PER_K = 5000,
  LOAD_W = 150,
  AMBIENT_DC = 250,
};

void plant_start(plant *p) {
  uint8_t *bytes = (uint8_t *)p;
  for (uint32_t i = 0; i < sizeof *p; i++) bytes[i] = 0;
  p->mv_12v = LIMIT_V12_NOMINAL;
  p->sink_uc = AMBIENT_DC * 100000;
}

static int32_t value(const plant *p, uint32_t fault, int32_t otherwise) {
  return has(p, fault) ? p->values[fault] : otherwise;
}

/* Towards a goal by at most so much. */
static int32_t move(int32_t from, int32_t to, int32_t most) {
  if (to > from + most) return from + most;
  return to < from - most ? from - most : to;
}

static void rails(plant *p, const ctl_out *out) {
  int32_t v12 = has(p, SIM_PSU_LOST) ? 0 : LIMIT_V12_NOMINAL;
  p->mv_12v = has(p, SIM_V12_MV) ? p->values[SIM_V12_MV] : move(p->mv_12v, v12, V12_MOVE_MV);
  if (has(p, SIM_AUX_MV)) p->mv_aux = p->values[SIM_AUX_MV];
  else if (out->en_aux && p->mv_12v > 6000) p->mv_aux = move(p->mv_aux, LIMIT_AUX_NOMINAL, AUX_RISE_MV);
  else p->mv_aux -= (p->mv_aux + 7) / 8;
  if (has(p, SIM_CORE_MV)) p->mv_core = p->values[SIM_CORE_MV];
  else if (out->en_core && p->mv_12v > 9000) p->mv_core = move(p->mv_core, LIMIT_CORE_NOMINAL, CORE_RISE_MV);
  else p->mv_core -= (p->mv_core + 3) / 4;
}

static void fan(plant *p, int which, const ctl_out *out) {
  int still = has(p, which ? SIM_FAN_1_STILL : SIM_FAN_0_STILL) || p->mv_12v < 6000;
  uint32_t wanted = still ? 0 : out->fan_pct * (FULL_RPM / 100 * 256u);
  uint32_t rpm = p->rpm_256[which];
  rpm = wanted > rpm ? rpm + (wanted - rpm) / 256 : rpm - (rpm - wanted + 255) / 256;
  p->rpm_256[which] = rpm;
  p->phase[which] += rpm / 256 * LIMIT_TACH_PULSES;
  if (p->phase[which] >= 60000) {
    p->phase[which] -= 60000;
    p->edges[which]++;
  }
}

static void heat(plant *p, const ctl_out *out) {
  int32_t load_mw = out->en_module && p->mv_core > 400 ? value(p, SIM_LOAD_W, LOAD_W) * 1000 : 0;
  int32_t turning = (int32_t)(p->rpm_256[0] + p->rpm_256[1]) / 512;
  int32_t conducts = STILL_AIR_MW_PER_K + FANS_MW_PER_K * turning / FULL_RPM;
  int32_t above_dc = p->sink_uc / 100000 - value(p, SIM_AMBIENT_DC, AMBIENT_DC);
  if (out->throttle) load_mw /= 2;
  p->sink_uc += (load_mw - conducts * above_dc / 10) * HEAT_EVERY_MS / SINK_J_PER_K;
  /* A sink that keeps a made-up load without a control would melt. */
  if (p->sink_uc > 250 * 1000000) p->sink_uc = 250 * 1000000;
}

void plant_step(plant *p, const ctl_out *out) {
  rails(p, out);
  fan(p, 0, out);
  fan(p, 1, out);
  if (p->tick++ % HEAT_EVERY_MS == 0) heat(p, out);
  if (has(p, SIM_SINK_DC)) p->sink_uc = p->values[SIM_SINK_DC] * 100000;
  if (p->press_left) p->press_left--;
}

/* Real and a little noise, bits from shift on; never below nothing. */
static uint16_t millivolts(int32_t mv, uint64_t noise, int shift, int32_t half) {
  int32_t read = mv + (int32_t)(noise >> shift & 255) * half / 128 - half;
  return (uint16_t)(read < 0 ? 0 : read > 0xffff ? 0xffff : read);
}

static void glitch(plant *p, ctl_in *in) {
  switch (p->glitch) {
    case SIM_V12_MV: in->mv_12v = (uint16_t)p->glitch_value; break;
    case SIM_AUX_MV: in->mv_aux = (uint16_t)p->glitch_value; break;
    case SIM_CORE_MV: in->mv_core = (uint16_t)p->glitch_value; break;
    case SIM_PSU_LOST: in->psu_good = 0; break;
    case SIM_VRM_LOST: in->vrm_good = 0; break;
    case SIM_SENSOR_DC: in->ntc_dc = (int16_t)p->glitch_value; break;
    default: in->thermtrip = 1; break;
  }
  p->glitch_left--;
}

void plant_measure(plant *p, uint64_t noise, ctl_in *in) {
  int32_t mv_core = p->mv_core;
  in->mv_12v = millivolts(p->mv_12v, noise, 0, 40);
  in->mv_aux = millivolts(p->mv_aux, noise, 8, 10);
  in->mv_core = millivolts(mv_core, noise, 16, 4);
  in->ntc_dc = (int16_t)value(p, SIM_SENSOR_DC, p->sink_uc / 100000);
  in->mcu_dc = 350;
  in->tach_edges[0] = p->edges[0];
  in->tach_edges[1] = p->edges[1];
  in->psu_good = !has(p, SIM_PSU_LOST) && p->mv_12v > 10800;
  in->vrm_good = !has(p, SIM_VRM_LOST) && mv_core > LIMIT_CORE_NOMINAL * 9 / 10 && mv_core < LIMIT_CORE_NOMINAL * 11 / 10;
  in->thermtrip = (uint8_t)has(p, SIM_THERMTRIP);
  in->button = p->press_left > 0;
  if (p->glitch_left) glitch(p, in);
}
