const US_PER_HOUR = 3_600_000_000
const HOURS = 24

/**
 * Tells off-peak hours (HBase's OffPeakHours). Hours that are not of a day, or no hours, switch it
 * off. HBase asks the clock of the server's time zone; this one is of UTC.
 *
 * @param startHour inclusive
 * @param endHour exclusive; before `startHour` if the hours go over midnight
 * @param epochHour hour of the day at time 0 of the run, with its fraction
 */
export function offPeakHours(
  startHour: number,
  endHour: number,
  epochHour = 0,
): (nowUs: number) => boolean {
  if (!isHour(startHour) || !isHour(endHour) || startHour === endHour) return () => false
  return (nowUs) => {
    const hour = Math.floor(epochHour + nowUs / US_PER_HOUR) % HOURS
    return startHour < endHour
      ? startHour <= hour && hour < endHour
      : hour < endHour || startHour <= hour
  }
}

function isHour(hour: number): boolean {
  return hour >= 0 && hour < HOURS
}
