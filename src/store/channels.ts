/** What PostgreSQL's notifications are about. The payload of work is the role that has some. */
export const CHANNELS = { events: 'goose_mesh_events', work: 'goose_mesh_work' } as const;
