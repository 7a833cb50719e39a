export function handler(event: { Records: { Sns: { Message: string } }[] }): Promise<{ kept: number }>;
